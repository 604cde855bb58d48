/// A number of threads on the command line.
enum ThreadCount {
    static let range = 1...256

    @Sendable static func parse(_ text: String) throws -> Int {
        guard let count = Int(text), range.contains(count) else {
            throw CommandLineError("must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return count
    }
}
