import Chat
import Downloads
import Synchronization

/// Shows what is downloaded and how far it is: in one line of a terminal, or in a new line every few seconds.
final class PullStatus: Sendable {
    private struct State {
        var plan: PullPlan?
        /// Of the last seconds, for the rate.
        var samples: [(time: ContinuousClock.Instant, bytes: Int)] = []
        var lastLine: ContinuousClock.Instant?
    }

    private static let window = Duration.seconds(5)
    private let state = Mutex(State())

    var plan: PullPlan? { state.withLock { $0.plan } }

    func show(_ event: PullEvent) {
        switch event {
        case .planned(let plan):
            state.withLock { $0.plan = plan }
            for line in Self.lines(plan) { StandardError.writeLine(line) }
        case .progress(let bytes, let total): showProgress(bytes, of: total)
        case .checking: StandardError.showStatus("Checking")
        case .finished, .stopped, .failed: break
        }
    }

    // MARK: Plan

    private static func lines(_ plan: PullPlan) -> [String] {
        var facts = [plan.format, plan.bytes.map { ByteText.size($0) }].compactMap(\.self)
        if plan.presentBytes > 0 { facts.append("\(ByteText.size(plan.presentBytes)) of it here") }
        if let memory = plan.memoryBytes { facts.append("needs about \(ByteText.size(memory)) of memory") }
        if let license = plan.license { facts.append("license: \(license)") }
        return [plan.address, facts.joined(separator: ", "), plan.note ?? ""].filter { !$0.isEmpty }
    }

    // MARK: Progress

    private func showProgress(_ bytes: Int, of total: Int?) {
        let now = ContinuousClock.now
        let (rate, isLineDue) = state.withLock { state in
            let isEnd = bytes == total && state.samples.last?.bytes != bytes
            state.samples.append((now, bytes))
            state.samples.removeAll { $0.time.duration(to: now) > Self.window }
            let isDue = isEnd || state.lastLine.map { $0.duration(to: now) >= Self.window } ?? true
            if isDue { state.lastLine = now }
            return (Self.rate(state.samples), isDue)
        }
        let text = Self.text(bytes, of: total, rate: rate)
        if StandardError.isTerminal {
            StandardError.showStatus(text)
        } else if isLineDue {
            StandardError.writeLine(text)
        }
    }

    /// Bytes per second; nil before there is anything to tell.
    private static func rate(_ samples: [(time: ContinuousClock.Instant, bytes: Int)]) -> Double? {
        guard let first = samples.first, let last = samples.last, last.bytes > first.bytes else { return nil }
        let seconds = first.time.duration(to: last.time) / .seconds(1)
        return seconds > 0.2 ? Double(last.bytes - first.bytes) / seconds : nil
    }

    private static func text(_ bytes: Int, of total: Int?, rate: Double?) -> String {
        var facts: [String] = []
        if let total, total > 0 { facts.append("\(min(100, bytes * 100 / total)) %") }
        facts.append(ByteText.size(bytes) + (total.map { " of \(ByteText.size($0))" } ?? ""))
        if let rate {
            facts.append("\(ByteText.size(Int(rate)))/s")
            if let total, total > bytes { facts.append("\(time(Double(total - bytes) / rate)) left") }
        }
        return facts.joined(separator: ", ")
    }

    private static func time(_ seconds: Double) -> String {
        switch seconds {
        case ..<90: "\(Int(seconds.rounded(.up))) s"
        case ..<5400: "\(Int((seconds / 60).rounded())) min"
        case ..<360_000: "\(Int((seconds / 3600).rounded())) h"
        default: "days"
        }
    }
}
