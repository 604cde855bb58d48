import Chat
import Synchronization

/// Shows what is downloaded and how far it is: in one line of a terminal, or in a new line every few seconds.
final class PullStatus: Sendable {
    private struct State {
        var plan: PullPlan?
        var progress = TransferProgress()
        /// When a line was written last, in seconds since the start.
        var lastLine: Double?
    }

    /// Seconds between two lines in a pipe.
    private static let interval = 5.0
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    var plan: PullPlan? { state.withLock { $0.plan } }

    func show(_ event: PullEvent) {
        switch event {
        case .planned(let plan):
            state.withLock { state in
                state.plan = plan
                state.progress.apply(plan)
            }
            for line in Self.lines(plan) { StandardError.writeLine(line) }
        case .progress(let bytes, let total): showProgress(bytes, of: total)
        case .checking: StandardError.showStatus("Checking")
        case .finished, .stopped, .failed: break
        }
    }

    private static func lines(_ plan: PullPlan) -> [String] {
        var facts = [plan.format, plan.bytes.map(ByteText.size)].compactMap(\.self)
        if plan.presentBytes > 0 { facts.append("\(ByteText.size(plan.presentBytes)) of it here") }
        if let memory = plan.memoryBytes { facts.append("needs about \(ByteText.size(memory)) of memory") }
        if let license = plan.license { facts.append("license: \(license)") }
        return [plan.address, facts.joined(separator: ", "), plan.note ?? ""].filter { !$0.isEmpty }
    }

    private func showProgress(_ bytes: Int, of total: Int?) {
        let now = start.duration(to: .now) / .seconds(1)
        let (progress, isLineDue) = state.withLock { state in
            let isEnd = bytes == total && state.progress.bytes != bytes
            state.progress.update(bytes, of: total, at: now)
            let isDue = isEnd || state.lastLine.map { now - $0 >= Self.interval } ?? true
            if isDue { state.lastLine = now }
            return (state.progress, isDue)
        }
        let facts = [progress.percent.map { "\($0) %" }].compactMap(\.self) + progress.facts(at: now)
        if StandardError.isTerminal {
            StandardError.showStatus(facts.joined(separator: ", "))
        } else if isLineDue {
            StandardError.writeLine(facts.joined(separator: ", "))
        }
    }
}
