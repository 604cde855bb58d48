/// The memory that the process's control groups allow, as in a container. Beyond it the system ends the process.
struct MemoryLimit {
    let bytes: Int

    /// The smallest limit of the process's groups and all groups above them; nil if there is none.
    init?(_ files: SystemFiles) {
        let limits = ControlGroup.folders(.memory, files).flatMap { group in
            let name = group.version == 2 ? "memory.max" : "memory.limit_in_bytes"
            // "max" in version 2; version 1 has a number near 2^63, which is more than any computer has.
            return group.folders.compactMap { files.number("\($0)/\(name)") }
        }
        guard let least = limits.min() else { return nil }
        bytes = least
    }
}
