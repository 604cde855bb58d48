import TUI

/// A text to read.
struct TextPanel: Sendable {
    enum Content: Sendable, Equatable {
        case help
        case document(String)
    }

    var title: String
    var content: Content
    /// The first line in sight.
    var top = 0

    mutating func press(_ key: Key, height: Int, count: Int) {
        switch key {
        case .up, .wheelUp, "k": top -= 1
        case .down, .wheelDown, "j", .enter: top += 1
        case .pageUp, "b": top -= max(1, height - 1)
        case .pageDown, " ": top += max(1, height - 1)
        case .home, "g": top = 0
        case .end, "G": top = count
        default: break
        }
        top = max(0, min(top, count - height))
    }

    /// The text as lines that fit the panel.
    func lines(_ state: AppState) -> [StyledLine] {
        let width = PanelLayout(state.size).rows.width
        switch content {
        case .help: return HelpText.lines(width: width)
        case .document(let text):
            return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
                .flatMap { Wrapping.wrap(StyledLine(String($0)), width: width) }
        }
    }
}

/// The help page, drawn from the key map and the command table.
enum HelpText {
    static func lines(width: Int) -> [StyledLine] {
        var lines: [StyledLine] = []
        for group in KeyRow.Group.allCases {
            lines.append(StyledLine(group.rawValue, .heading))
            for row in KeyMap.rows where row.group == group {
                lines += entry(row.keys.map(\.description).uniqued().joined(separator: ", "), row.summary, width: width)
            }
            lines.append(StyledLine())
        }
        lines.append(StyledLine("Commands", .heading))
        for command in CommandTable.rows {
            let names = ([command.name] + command.aliases).map { "/\($0)" }.joined(separator: " ")
            let usage = command.arguments.isEmpty ? names : "\(names) \(command.arguments)"
            lines += entry(usage, command.summary, width: width)
        }
        lines += entry("//text", "sends text that starts with a slash", width: width)
        return lines
    }

    /// A name and what it means, beside each other where there is room.
    private static func entry(_ name: String, _ meaning: String, width: Int) -> [StyledLine] {
        let column = min(30, width / 2)
        let nameWidth = DisplayWidth.of(name)
        var line = StyledLine("  ")
        line.append(name, .accent)
        if nameWidth + 3 > column {
            return Wrapping.wrap(line, width: width) + Wrapping.wrap(StyledLine("    \(meaning)"), width: width)
        }
        line.append(String(repeating: " ", count: column - nameWidth - 2), .text)
        line.append(meaning, .text)
        return Wrapping.wrap(line, width: width, indent: column)
    }
}
