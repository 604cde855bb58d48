extension Model {
    /// The share of the weights that is in memory, 0…1.
    public var residentShare: Double { source.residentShare }

    /// Reads the weights into memory, in the order of the file. Costs almost nothing if they are in memory already.
    /// Blocks until done or cancelled.
    ///
    /// - Parameter progress: called regularly with the share read so far.
    public func readAhead(isCancelled: () -> Bool, progress: (Double) -> Void) {
        source.readAhead(isCancelled: isCancelled, progress: progress)
    }
}
