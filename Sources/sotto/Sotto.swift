import ArgumentParser

/// The program: `sotto` alone opens the chat, subcommands work in pipes.
@main
struct Sotto: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sotto",
        abstract: "Chat with a language model in the terminal. Everything runs on this computer.",
        usage: """
            sotto [<chat options>]
            sotto <subcommand>
            """,
        version: VersionText.text,
        subcommands: [ChatCommand.self, RunCommand.self, CompleteCommand.self],
        groupedSubcommands: [
            CommandGroup(
                name: "Library",
                subcommands: [ModelsCommand.self, PullCommand.self, SessionsCommand.self, PresetsCommand.self]),
            CommandGroup(
                name: "Diagnostics",
                subcommands: [
                    InspectCommand.self, TokenizeCommand.self, RenderCommand.self, LogitsCommand.self,
                    PerplexityCommand.self, BenchCommand.self, QuantizeCommand.self, ConvertCommand.self,
                    ImatrixCommand.self, SynthesizeCommand.self,
                ]),
            CommandGroup(name: "Setup", subcommands: [CompletionsCommand.self, ManualCommand.self]),
        ],
        defaultSubcommand: ChatCommand.self)

    static func main() async {
        StandardStreams.open()
        FaultHandler.install()
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            leave(with: error)
        }
    }

    /// Help and the version go to standard output; every failure is one line on standard error.
    private static func leave(with error: any Error) -> Never {
        let code = exitCode(for: error)
        let text = message(for: error)
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == "help", let mistake = CommandNames.mistake(in: Array(arguments.dropFirst())) {
            StandardError.writeLine("sotto: \(mistake)")
            exit(withError: ExitCode.validationFailure)
        }
        if code.isSuccess, text == helpMessage() {
            let isWritten: Void? = try? StandardOutput.write(helpWithChat(text))
            exit(withError: isWritten == nil ? ExitCode.failure : ExitCode.success)
        }
        if code.isSuccess || error is ExitCode || text.isEmpty { exit(withError: error) }
        let mistake = code == .validationFailure ? CommandNames.mistake(in: arguments) : nil
        StandardError.writeLine("sotto: \(mistake?.description ?? text + CommandNames.valueHint(for: text))")
        exit(withError: code)
    }

    /// The program's help with the options of the chat, its default subcommand, which ArgumentParser does not show.
    private static func helpWithChat(_ help: String) -> String {
        let chat = ChatCommand.helpMessage()
        guard let start = chat.range(of: "\nOPTIONS:\n"), let end = help.range(of: "\nSUBCOMMANDS:\n") else {
            return help
        }
        let options = chat[start.upperBound...].split(separator: "\n").filter { !$0.hasPrefix("  -h, --help") }
        let commands = help[end.lowerBound...].replacing(/\n([A-Z]+) SUBCOMMANDS:\n/) { "\n\($0.output.1):\n" }
        return help[..<end.lowerBound] + "\nCHAT OPTIONS:\n" + options.joined(separator: "\n") + "\n" + commands + "\n"
    }
}
