import ArgumentParser

/// `sotto`: the chat.
struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat", abstract: "Chat in the terminal (the default).",
        discussion: "Opens the most recent session, or a new one if there is none.")

    @Flag(
        name: [.customShort("c"), .customLong("continue")],
        help: "Continue the last session; fails if there is none.")
    var continues = false

    @Option(
        help: ArgumentHelp("Open a session by its title or id, or the start of either.", valueName: "name"),
        completion: .values(.sessions))
    var session: String?

    @OptionGroup var chosen: ModelArguments

    @Option(help: ArgumentHelp("Colour theme.", valueName: "name"), completion: .values(.themes))
    var theme: String?

    @Flag(help: "Line mode, for screen readers, dumb terminals and pipes (also with ACCESSIBLE=1).")
    var plain = false

    @OptionGroup var instructions: InstructionSetArguments

    @OptionGroup var cache: CacheArguments

    @OptionGroup var draft: DraftArguments

    func run() async throws {
        let start = try ChatStart(self)
        let result = try await ChatThread.run(start)
        if let session = result.session, StandardInput.isTerminal, StandardError.isTerminal {
            StandardError.writeLine("To resume this session: sotto --session \(session)")
        }
        if case .signal(let number) = result.ending { throw ExitCode(128 + number) }
    }
}
