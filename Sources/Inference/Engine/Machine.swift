import Foundation

/// The computer that the engine runs on.
public enum Machine {
    /// Physical memory, in bytes.
    public static var physicalMemory: Int { Int(clamping: ProcessInfo.processInfo.physicalMemory) }
}
