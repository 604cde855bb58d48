import Chat
import Replies
import Sampling
import TUI

/// The model's next token: its most likely candidates before and after the sampler chain, and how many each step leaves.
struct DistributionPane {
    let panel: SamplingPanel
    let state: AppState

    /// Everything, in lines of this width.
    func lines(width: Int) -> [StyledLine] {
        Wrapping.wrap(heading, width: width) + lines(width: width, height: .max).dropFirst()
    }

    /// At most `height` lines; the bars are the most important.
    func lines(width: Int, height: Int) -> [StyledLine] {
        let heading = heading
        var lines = [StyledLine(Wrapping.truncate(heading.text, width: width), heading.spans.first?.role ?? .muted)]
        guard let snapshot = panel.snapshot else { return lines }
        let trace = snapshot.trace
        let isSummed = height < trace.rows.count + trace.steps.count + 5
        if isSummed, height >= 4 { lines.append(StyledLine(Wrapping.truncate(summary(trace), width: width), .muted)) }
        if height >= 6 { lines.append(ProbabilityRow.header(width: width)) }
        lines += trace.rows.prefix(height - lines.count).map { row in
            ProbabilityRow(
                label: TokenChoice.label(of: snapshot.next.bytes(of: row.probabilities.token)),
                before: row.probabilities.before,
                after: row.probabilities.after, removedBy: row.removedBy?.rawValue
            ).line(width: width)
        }
        if !isSummed {
            lines.append(StyledLine())
            lines.append(StyledLine(Format.count(trace.vocabulary, "token"), .muted))
            lines += trace.steps.map { step in
                let column = min(17, max(6, width - 11))
                let name = Wrapping.truncate(step.kind.rawValue, width: column - 1)
                var line = StyledLine(name.padded(to: column), .muted)
                line.append(step.moved > 0 ? "moves \(step.moved)" : "leaves \(step.left)", .text)
                return line
            }
        }
        return lines
    }

    /// Such as "49152 → 40 top_k → 12 top_p", without the steps that remove nothing.
    private func summary(_ trace: ChainTrace) -> String {
        var parts = ["\(trace.vocabulary)"]
        var left = trace.vocabulary
        for step in trace.steps {
            if step.moved > 0 { parts.append("\(step.moved) moved by \(step.kind.rawValue)") }
            if step.left != left { parts.append("\(step.left) \(step.kind.rawValue)") }
            left = step.left
        }
        return parts.joined(separator: " → ")
    }

    /// Where the token would be, or how much of the conversation has been read.
    private var heading: StyledLine {
        if let problem = panel.problem { return StyledLine("! \(problem)", .warning) }
        if let inspection = state.inspector.running,
            panel.snapshot == nil || inspection.progress.map({ $0.total - $0.done > 64 }) == true
        {
            let progress = inspection.progress.map { " \($0.done)/\($0.total)" } ?? ""
            return StyledLine("Reading the conversation\(progress) …", .muted)
        }
        guard let snapshot = panel.snapshot else {
            let hint =
                state.session.record.model == nil
                ? "Choose a model first: F2"
                : state.session.reply != nil
                    ? "Waiting for the next token …" : "Send a message to see next-token probabilities"
            return StyledLine(hint, .muted)
        }
        return StyledLine(describe(snapshot.origin), .panelTitle)
    }

    private func describe(_ origin: NextTokenOrigin) -> String {
        switch origin {
        case .streamed: return state.session.reply == nil ? "A token of the last reply" : "Next token of the reply"
        case .position(let position):
            guard state.session.record.conversation[position.message]?.role == .assistant, position.tokens != 0 else {
                return "First token of the reply"
            }
            guard let entry = state.session.tokens[position.message] else { return "After the reply" }
            let count = position.tokens ?? entry.written.count
            let before = entry.tokens.prefix(count).suffix(6).map(\.chosen.label).joined()
            return "Token \(count + 1), after …\(before)"
        }
    }
}
