import ArgumentParser
import Chat
import Foundation
import Inference
import Providers
import Replies

/// `sotto run PROMPT`: prints one reply.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Print one reply to standard output.",
        discussion: """
            The prompt is read from the arguments, from standard input, or from both (arguments first). "-" stands for \
            standard input among the arguments. The exit status is 0 only if the reply is complete, or as long as a \
            limit that you set allows.

            Names for --set: \(SettingArguments.names).
            """)

    @Argument(help: "The prompt.")
    var prompt: [String] = []

    @Flag(help: "Do not read standard input.")
    var noInput = false

    @OptionGroup var chosen: ModelArguments

    @Option(help: ArgumentHelp("System prompt (default: the model's own).", valueName: "text"))
    var system: String?

    @Flag(help: "Continue the prompt verbatim, without the model's chat template.")
    var raw = false

    @OptionGroup var settings: SettingArguments

    @Option(
        name: .shortAndLong, help: "Number of compute threads (default: one per usable core).",
        transform: ThreadCount.parse)
    var threads: Int?

    @OptionGroup var instructions: InstructionSetArguments

    @OptionGroup var cache: CacheArguments

    @OptionGroup var draft: DraftArguments

    @Flag(help: "Print {\"text\":…,\"tokens\":[…],\"stop\":…,\"stats\":{…}} when the reply is complete.")
    var json = false

    func run() async throws {
        let catalogue = Catalogue.current
        let preset = try chosen.preset.map(catalogue.presets.load)
        let settings = try self.settings.applied(to: preset?.settings ?? GenerationSettings())
        let services = ServiceSetup(home: catalogue.home)
        for problem in services.problems { StandardError.writeLine("sotto: \(problem)") }
        let model = try chosen.model.map { try services.reference(named: $0.text, in: catalogue) }
        let text = try PromptInput(arguments: prompt, isInputUsed: !noInput).text()
        let system = self.system ?? preset?.system
        // Reaching a limit that the user set is what the user wanted.
        let isLimited = self.settings.limitTokens || settings.maxTokens != GenerationSettings().maxTokens
        if let model, let service = services.provider(named: model.provider) {
            let reply = ServiceRun(provider: service, model: model, system: system, settings: settings)
            guard !raw else {
                throw CommandLineError("--raw is for local models: \(service.profile.title) has a template of its own")
            }
            return try leave(
                try await write(reply.events(prompt: text), trimsStart: true), settings, isLimited: isLimited)
        }
        let reference = try model ?? catalogue.defaultModel().reference
        let provider = catalogue.provider(
            threads: threads, cacheType: cache.kvType, instructionSet: try instructions.chosen(),
            draft: draft.draftModel, template: chosen.templatePath)
        let engine = try await provider.engine(
            for: reference, contextLength: settings.contextLength, provider: ExecutionProvider(settings.onnxProvider))

        let defaults = try await provider.defaults(of: reference)
        let turns = (system ?? defaults?.system).map { [ChatTurn(role: .system, content: $0)] } ?? []
        var options = GenerationOptions(settings)
        options.stop += defaults?.stop ?? []
        let cancellation = Cancellation()
        let request = GenerationRequest(
            prompt: raw
                ? .text(text, special: true)
                : Prompt(turns + [ChatTurn(role: .user, content: text)], thinking: settings.thinking),
            options: { [options] in options }, isCancelled: { cancellation.isCancelled })
        let interrupts = InterruptHandler { cancellation.cancel() }
        // A prompt that is continued verbatim needs the blank between it and the reply.
        let written = try await write(engine.generate(request), trimsStart: !raw)
        interrupts.cancel()
        try leave(written, settings, isLimited: isLimited)
    }

    /// How a reply ended.
    private struct Written {
        let stop: StopReason
        /// Whether there is nothing but reasoning.
        let isUnanswered: Bool
    }

    /// Writes the reply as it comes, or all of it at the end in JSON.
    ///
    /// - Parameter trimsStart: whether to leave out blanks at the beginning, with which base models begin.
    private func write(
        _ events: AsyncThrowingStream<ReplyEvent, any Error>, trimsStart: Bool
    ) async throws -> Written {
        var reply = ""
        var reasoning: String?
        var ids: [Int32] = []
        var stats: ReplyStats?
        var pieces = PresentablePieces()
        // An error that comes after text starts on a line of its own.
        defer { if !json, !reply.isEmpty, !reply.hasSuffix("\n") { try? StandardOutput.write("\n") } }
        for try await event in events {
            switch event {
            case .chunk(let chunk):
                let text = reply.isEmpty && trimsStart ? String(chunk.text.drop { $0 == " " }) : chunk.text
                reply += text
                if let token = chunk.token { ids.append(token) }
                // In a pipe only the answer is useful.
                if !json, !text.isEmpty { try StandardOutput.write(pieces.next(text)) }
                if !chunk.reasoning.isEmpty { reasoning = (reasoning ?? "") + chunk.reasoning }
            case .notice(.turnsDropped(_, let promptTokens, let limit)):
                StandardError.writeLine("sotto: the prompt was cut to \(promptTokens) of \(limit) tokens")
            case .notice(.other(let text)): StandardError.writeLine("sotto: \(text)")
            case .finished(let final): stats = final
            case .retrying(let reason, let seconds):
                StandardError.writeLine("sotto: \(reason); next try in \(Int(seconds.rounded(.up))) s")
            case .loading, .prefill, .started, .next, .context, .providerState: break
            }
        }
        guard let stats else { throw CommandLineError("The reply ended without a reason") }
        if json {
            try StandardOutput.writeJSON(
                Report(text: reply, reasoning: reasoning, tokens: ids, stop: stats.stop, stats: stats))
        }
        return Written(stop: stats.stop, isUnanswered: reasoning != nil && reply.allSatisfy(\.isWhitespace))
    }

    /// Fails with the reason if the reply is not complete.
    ///
    /// - Parameter isLimited: whether the user has set the maximum length.
    private func leave(_ written: Written, _ settings: GenerationSettings, isLimited: Bool) throws {
        switch written.stop {
        case .endOfTurn, .stopText:
            guard !written.isUnanswered else {
                throw CommandLineError(
                    "The reply ended inside the model's thoughts, without an answer. --think off skips them")
            }
        case .tokenLimit where written.isUnanswered:
            throw CommandLineError(
                "The token limit was reached inside the model's thoughts. Use --max-tokens to raise it")
        case .tokenLimit where isLimited: return
        case .cancelled: throw ExitCode(130)
        case .tokenLimit:
            throw CommandLineError("The reply was cut off at the token limit. Use --max-tokens to raise it")
        case .contextFull where settings.contextLength > 0:
            throw CommandLineError("The reply was cut off: the context is full. Use --set num_ctx to enlarge it")
        case .contextFull:
            throw CommandLineError("The reply was cut off: the model's context is full. Shorten the prompt")
        case .repetition:
            throw CommandLineError(
                "The reply was stopped: the model was repeating itself. Try --set repeat_penalty=1.1")
        case .interrupted: throw CommandLineError("The reply was interrupted")
        case .refused: throw CommandLineError("The model declined to answer")
        case .paused: throw CommandLineError("The service paused the reply before its end")
        }
    }

    private struct Report: Encodable {
        let text: String
        let reasoning: String?
        let tokens: [Int32]
        let stop: StopReason
        let stats: ReplyStats
    }
}
