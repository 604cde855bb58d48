/// Mapped files that belong together, such as the parts of a model.
extension Collection<MappedFile> {
    package var byteCount: Int { reduce(0) { $0 + $1.bytes.count } }

    /// The share that is in memory, 0…1; 1 if the system does not report it.
    package var residentShare: Double {
        let resident = reduce(0) { $0 + $1.residentShare * Double($1.bytes.count) }
        return byteCount == 0 ? 1 : resident / Double(byteCount)
    }

    /// Reads everything into memory; blocks until that is done or cancelled.
    ///
    /// - Parameter progress: called regularly with the share read so far.
    package func readAhead(isCancelled: () -> Bool, progress: (Double) -> Void) {
        var done = 0
        let all = Double(Swift.max(1, byteCount))
        for file in self {
            file.readAhead(isCancelled: isCancelled) { progress((Double(done) + $0 * Double(file.bytes.count)) / all) }
            done += file.bytes.count
        }
    }

    /// Lets the system have the memory of a part of one of them; it is read again when it is needed. Only a hint.
    package func release(_ part: UnsafeRawBufferPointer) {
        for file in self { file.release(part) }
    }
}
