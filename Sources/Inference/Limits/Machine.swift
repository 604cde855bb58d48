import Foundation

/// The computer that the engine runs on.
public enum Machine {
    /// The memory that this process can use, in bytes: the physical memory, or less in a container with a limit.
    public static var memory: Int { memory(SystemFiles(root: "/")) }

    static func memory(_ files: SystemFiles) -> Int {
        let physical = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        return min(physical, MemoryLimit(files)?.bytes ?? physical)
    }
}
