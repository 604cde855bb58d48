import GGUF

extension Model {
    /// The share of the weights that is in memory already, 0…1.
    public var residentShare: Double { weights.file.residentShare }

    /// Brings the weights into memory, in the order of the file, as fast as the disk gives them; a model that is there
    /// already costs next to nothing. Blocks until it is done or cancelled.
    ///
    /// - Parameter progress: called with the share that is there, now and then.
    public func readAhead(isCancelled: () -> Bool, progress: (Double) -> Void) {
        weights.file.readAhead(isCancelled: isCancelled, progress: progress)
    }
}
