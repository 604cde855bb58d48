/// What help says where there are no keys.
enum PlainHelp {
    static let greeting =
        "Write a message and press Enter. /help lists the commands, Ctrl-C stops a reply, Ctrl-D leaves."

    static var text: String {
        var lines = [
            "Enter sends a message.", "A line that ends in a backslash goes on in the next one.",
            "Text between \"\"\" and \"\"\" may have several lines.",
            "Text that starts with a slash is sent with two: //text.",
            "Lists have numbers: type one to choose.",
            "Ctrl-C stops a reply; twice when idle, it leaves. So does Ctrl-D.",
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
