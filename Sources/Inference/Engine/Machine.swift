import Foundation

/// Facts about the computer that the engine runs on.
enum Machine {
    static var memoryBytes: Int { Int(clamping: ProcessInfo.processInfo.physicalMemory) }

    /// Cores that compute independently, hyper-threads not counted; at least 1, at most 256.
    static let physicalCores: Int = {
        let usable = ProcessInfo.processInfo.activeProcessorCount
        return min(256, max(1, min(distinctCores ?? usable, usable)))
    }()

    /// On Linux, how many different sets of sibling threads the kernel lists; nil elsewhere.
    private static var distinctCores: Int? {
        let folder = "/sys/devices/system/cpu"
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return nil }
        let siblings = names.compactMap {
            try? String(contentsOfFile: "\(folder)/\($0)/topology/thread_siblings_list", encoding: .utf8)
        }
        return siblings.isEmpty ? nil : Set(siblings).count
    }
}
