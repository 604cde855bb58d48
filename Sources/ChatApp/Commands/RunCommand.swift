import Chat
import TUI

extension AppState {
    /// Runs a line that starts with a slash. The Up key brings it back, so that a mistake can be put right.
    mutating func run(_ line: String) -> [Effect] {
        let (name, arguments) = CommandLine.split(line)
        if composer.input.text == line {
            composer.history.add(line)
            composer.input.setText("")
        }
        do throws(CommandError) {
            guard let command = CommandTable.command(named: name) else { throw unknownCommand(name) }
            if arguments.isEmpty, !command.isWholeWithoutArguments { throw CommandError("usage: \(command.usage)") }
            if !arguments.isEmpty, command.arguments.isEmpty {
                throw CommandError("/\(command.name) takes no argument")
            }
            return try command.run(&self, arguments)
        } catch {
            notify(.warning, error.description)
            return []
        }
    }

    private func unknownCommand(_ name: String) -> CommandError {
        if name.isEmpty { return CommandError("after the slash goes a command's name; /help lists them all") }
        let shown = Wrapping.truncate(name, width: 30)
        if name.contains("/") {
            return CommandError("there is no command /\(shown); text that starts with a slash is sent with two: //")
        }
        let nearest = Spelling.nearest(to: name, among: CommandTable.names)
        return CommandError(
            nearest.map { "there is no command /\(shown); did you mean /\($0)?" }
                ?? "there is no command /\(shown); /help lists them all")
    }

    /// The one among `items` that is meant by `name`: its exact name, else the only one that begins so, else the only
    /// one that holds it.
    func pick<Item>(
        _ name: String, from items: [Item], kind: String, by names: (Item) -> [String]
    ) throws(CommandError) -> Item {
        let wanted = name.lowercased()
        let tests: [(String) -> Bool] = [{ $0 == wanted }, { $0.hasPrefix(wanted) }, { $0.contains(wanted) }]
        for test in tests {
            let found = items.filter { names($0).contains { test($0.lowercased()) } }
            if found.count == 1 { return found[0] }
            if found.count > 1 {
                let examples = found.prefix(3).compactMap { names($0).first }.joined(separator: ", ")
                throw CommandError("\"\(name)\" could be any of \(found.count) \(kind)s: \(examples)")
            }
        }
        let known = items.compactMap { names($0).first }
        if known.isEmpty { throw CommandError("there is no \(kind) yet") }
        let hint =
            Spelling.nearest(to: name, among: known).map { "did you mean \($0)?" }
            ?? "there are \(known.prefix(6).joined(separator: ", "))\(known.count > 6 ? ", …" : "")"
        throw CommandError("there is no \(kind) \"\(Wrapping.truncate(name, width: 40))\"; \(hint)")
    }
}

/// A command line's parts.
enum CommandLine {
    /// The name after the slash, and what follows it without the blanks around.
    static func split(_ line: String) -> (name: String, arguments: String) {
        let body = line.drop { $0 == "/" }
        let name = body.prefix { !$0.isWhitespace }
        return (String(name), body.dropFirst(name.count).trimmed)
    }
}

extension Substring {
    /// Without blanks at both ends.
    var trimmed: String {
        var text = drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
