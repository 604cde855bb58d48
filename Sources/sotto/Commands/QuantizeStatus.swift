import Inference

/// How far a conversion is: in one line of a terminal, or in a new line every few seconds.
struct QuantizeStatus {
    private var lastLine = ContinuousClock.now

    private static let interval = Duration.seconds(5)

    mutating func show(_ progress: ModelQuantizer.Progress) {
        let change = progress.source == progress.target ? "kept" : "→ \(progress.target)"
        let text = "[\(progress.index)/\(progress.count)] \(progress.tensor)  \(progress.source) \(change)"
        if StandardError.isTerminal {
            StandardError.showStatus(text)
        } else if lastLine.duration(to: .now) >= Self.interval {
            lastLine = .now
            StandardError.writeLine(text)
        }
    }
}
