/// The text of `/help` in plain mode, where there are no keys.
enum PlainHelp {
    static let greeting =
        "Type a message and press Enter. /help lists the commands, Ctrl-C stops a reply, Ctrl-D quits."

    static var text: String {
        var lines = [
            "Enter sends a message.", "End a line with \\ to continue on the next.",
            "Text between \"\"\" and \"\"\" may have several lines.",
            "To send text starting with a slash, type two: //text.",
            "Lists are numbered: type a number to choose.",
            "Ctrl-C stops a reply; twice when idle, it quits. So does Ctrl-D.",
            "", "Commands:",
        ]
        for command in CommandTable.rows {
            let names = ([command.name] + command.aliases).map { "/\($0)" }.joined(separator: " or ")
            let usage = command.arguments.isEmpty ? names : "\(names) \(command.arguments)"
            lines.append("\(usage): \(command.summary)")
        }
        return lines.joined(separator: "\n")
    }
}
