import Foundation

/// The computer that the engine runs on.
public enum Machine {
    /// Physical memory, in bytes.
    public static var physicalMemory: Int { Int(clamping: ProcessInfo.processInfo.physicalMemory) }

    /// Physical cores, without hyper-threads: 1…256.
    static let physicalCores: Int = {
        let usable = ProcessInfo.processInfo.activeProcessorCount
        return min(256, max(1, min(distinctCores ?? usable, usable)))
    }()

    /// On Linux, the number of distinct sets of sibling threads that the kernel lists; nil elsewhere.
    private static var distinctCores: Int? {
        let folder = "/sys/devices/system/cpu"
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return nil }
        let siblings = names.compactMap {
            try? String(contentsOfFile: "\(folder)/\($0)/topology/thread_siblings_list", encoding: .utf8)
        }
        return siblings.isEmpty ? nil : Set(siblings).count
    }
}
