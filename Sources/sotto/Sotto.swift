import ArgumentParser

/// The program: `sotto` alone opens the chat, the subcommands work in a pipe.
@main
struct Sotto: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sotto",
        abstract: "Chat with a language model in the terminal. Everything runs on this computer.",
        version: "0.1.0",
        subcommands: [ChatCommand.self, RunCommand.self],
        groupedSubcommands: [
            CommandGroup(
                name: "What there is", subcommands: [ModelsCommand.self, SessionsCommand.self, PresetsCommand.self]),
            CommandGroup(
                name: "The engine's instruments",
                subcommands: [
                    InspectCommand.self, TokenizeCommand.self, RenderCommand.self, LogitsCommand.self,
                    PerplexityCommand.self, BenchCommand.self, QuantizeCommand.self, SynthesizeCommand.self,
                ]),
        ],
        defaultSubcommand: ChatCommand.self)

    static func main() async {
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
        if code.isSuccess || error is ExitCode || text.isEmpty { exit(withError: error) }
        StandardError.write("sotto: \(text)\n")
        exit(withError: code)
    }
}
