import ArgumentParser

/// `sotto`: the chat.
struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat", abstract: "Chat on the full screen (what 'sotto' alone does).",
        discussion: "Opens the session that was changed last, or a new one.")

    @Flag(
        name: [.customShort("c"), .customLong("continue")],
        help: "Continue the last session; an error if there is none.")
    var continues = false

    @Option(help: "Open a session, by title, id, or the beginning of one.")
    var session: String?

    @OptionGroup var chosen: ModelArguments

    @Option(help: "A colour theme, by name.")
    var theme: String?

    @Flag(help: "No screen: lines in, lines out, for screen readers, dumb terminals and pipes (also ACCESSIBLE=1).")
    var plain = false

    @OptionGroup var cache: CacheArguments

    @OptionGroup var draft: DraftArguments

    func run() async throws {
        let start = try ChatStart(self)
        if case .signal(let number) = try await ChatThread.run(start) { throw ExitCode(128 + number) }
    }
}
