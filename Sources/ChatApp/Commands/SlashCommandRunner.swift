import Chat
import TUI

extension AppState {
    /// Runs a line that starts with a slash. The line leaves the input even if it was wrong; Up brings it back.
    mutating func runCommand(_ line: String) -> [Effect] {
        let (name, arguments) = SlashCommandLine.split(line)
        if composer.input.text == line {
            composer.history.add(line)
            composer.input.setText("")
        }
        screen.notices.withdraw(.request)
        do throws(CommandError) {
            guard let command = CommandTable.command(named: name) else { throw unknownCommand(name) }
            if arguments.isEmpty, !command.worksWithoutArguments { throw CommandError("Usage: \(command.usage)") }
            if !arguments.isEmpty, command.arguments.isEmpty {
                throw CommandError("/\(command.name) takes no arguments")
            }
            return try command.run(&self, arguments)
        } catch {
            notify(.warning, error.description)
            return []
        }
    }

    private func unknownCommand(_ name: String) -> CommandError {
        if name.isEmpty { return CommandError("Type a command name after the slash; /help lists them") }
        let unknown = "Unknown command /\(Wrapping.truncate(name, width: 30))."
        if name.contains("/") { return CommandError("\(unknown) To send text starting with a slash, type //") }
        let nearest = Spelling.nearest(to: name, among: CommandTable.names)
        return CommandError("\(unknown) " + (nearest.map { "Did you mean /\($0)?" } ?? "/help lists all commands"))
    }
}
