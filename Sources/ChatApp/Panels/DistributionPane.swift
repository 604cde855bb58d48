import Chat
import Sampling
import TUI

/// The model's next token: its likeliest candidates before and after the sampler chain, and what each step leaves.
struct DistributionPane {
    let panel: SamplingPanel
    let state: AppState

    /// All there is to tell.
    func lines(width: Int) -> [StyledLine] {
        Wrapping.wrap(heading, width: width) + lines(width: width, height: .max).dropFirst()
    }

    /// At most `height` lines; the bars come first where there is little room.
    func lines(width: Int, height: Int) -> [StyledLine] {
        let heading = heading
        var lines = [StyledLine(Wrapping.truncate(heading.text, width: width), heading.spans.first?.role ?? .muted)]
        guard let moment = panel.moment else { return lines }
        let trace = moment.trace
        let isSummed = height < trace.rows.count + trace.steps.count + 5
        if isSummed, height >= 4 { lines.append(StyledLine(Wrapping.truncate(summary(trace), width: width), .muted)) }
        if height >= 6 { lines.append(ProbabilityRow.header(width: width)) }
        lines += trace.rows.prefix(height - lines.count).map { row in
            ProbabilityRow(
                label: TokenChoice.label(of: moment.next.bytes(of: row.probabilities.token)),
                before: row.probabilities.before,
                after: row.probabilities.after, removedBy: row.removedBy?.rawValue
            ).line(width: width)
        }
        if !isSummed {
            lines.append(StyledLine())
            lines.append(StyledLine("\(trace.vocabulary) tokens", .muted))
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

    /// "49152 → 40 top_k → 12 top_p": steps that take nothing away are left out.
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

    /// Where this token would stand, and how far the model has come with finding out.
    private var heading: StyledLine {
        if let problem = panel.problem { return StyledLine("! \(problem)", .warning) }
        if let inspection = state.inspector.running,
            panel.moment == nil || inspection.progress.map({ $0.total - $0.done > 64 }) == true
        {
            let progress = inspection.progress.map { " \($0.done)/\($0.total)" } ?? ""
            return StyledLine("reading the conversation\(progress) …", .muted)
        }
        guard let moment = panel.moment else {
            let hint =
                state.session.record.model == nil
                ? "choose a model first: F2"
                : state.session.reply != nil
                    ? "waiting for the next token …" : "the next token shows once something was said"
            return StyledLine(hint, .muted)
        }
        return StyledLine(place(moment.origin), .panelTitle)
    }

    private func place(_ origin: SamplingPanel.Moment.Origin) -> String {
        switch origin {
        case .streamed: return state.session.reply == nil ? "a token of the last reply" : "the reply's next token"
        case .place(let place):
            guard state.session.record.conversation[place.message]?.role == .assistant, place.tokens != 0 else {
                return "the reply's first token"
            }
            guard let entry = state.session.tokens[place.message] else { return "after the reply" }
            let count = place.tokens ?? entry.written.count
            let before = entry.tokens.prefix(count).suffix(6).map(\.chosen.label).joined()
            return "token \(count + 1) after …\(before)"
        }
    }
}
