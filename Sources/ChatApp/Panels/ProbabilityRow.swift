import TUI

/// A token with its probabilities before and after the sampler chain, as bars if there is room.
struct ProbabilityRow {
    var label: String
    var before: Float
    var after: Float
    /// The step that removed it, in a word.
    var removedBy: String?
    /// Whether it is the token that was chosen.
    var isChosen = false

    func line(width: Int) -> StyledLine {
        let columns = Columns(width)
        let shown = Wrapping.truncate(label, width: columns.label)
        var line = StyledLine(isChosen ? "●" : " ", .accent)
        line.append(shown + Self.spaces(columns.label - DisplayWidth.of(shown)), after > 0 ? .text : .muted)
        if columns.bar > 0 { line.append(" " + Format.bar(before, width: columns.bar), .muted) }
        line.append(" " + Format.percent(before), .probability(before))
        if after <= 0, let removedBy {
            let room = columns.bar > 0 ? columns.bar + 6 : 5
            line.append(" " + Wrapping.truncate("– \(removedBy)", width: room - 1).padded(to: room - 1), .muted)
        } else {
            if columns.bar > 0 { line.append(" " + Format.bar(after, width: columns.bar), .gauge) }
            line.append(" " + Format.percent(after), after > 0 ? .text : .muted)
        }
        return line
    }

    static func header(width: Int) -> StyledLine {
        let columns = Columns(width)
        guard columns.bar > 0 else { return StyledLine(spaces(columns.label + 1) + "model kept", .muted) }
        let part = columns.bar + 6
        return StyledLine(
            spaces(columns.label + 2) + "model".padded(to: part) + Wrapping.truncate("sampled", width: part), .muted)
    }

    private struct Columns {
        let label: Int
        let bar: Int

        init(_ width: Int) {
            label = max(4, min(16, (width - 11) / 3))
            bar = max(0, (width - label - 13) / 2 >= 3 ? (width - label - 13) / 2 : 0)
        }
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
}
