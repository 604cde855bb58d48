import Chat
import Foundation
import Inference
import Providers
import Replies
import Sampling
import Synchronization
import Testing

/// The folder with the real models; scripts/test fetches them and sets the variable.
private let models = ProcessInfo.processInfo.environment["SOTTO_TEST_MODELS"].map { URL(filePath: $0) }

/// Replies by the engine, as the chat requests them.
@Suite(.enabled(if: models != nil, "needs SOTTO_TEST_MODELS; scripts/test sets it"))
struct LocalProviderTests {
    private let provider: LocalProvider
    private let model = ModelReference(provider: "local", name: "SmolLM2-135M-Instruct.Q4_1")

    init() throws {
        provider = LocalProvider(discovery: ModelDiscovery(own: models), threads: 2)
    }

    private func request(_ text: String, maxTokens: Int = 16, after earlier: [Message] = []) -> ReplyRequest {
        var settings = GenerationSettings()
        settings.maxTokens = maxTokens
        settings.sampling.temperature = 0
        settings.contextLength = 512
        let message = Message(
            id: Message.ID(rawValue: "m\(earlier.count + 1)"), parent: earlier.last?.id, role: .user,
            created: Date(timeIntervalSince1970: 0), content: text)
        return ReplyRequest(
            model: model, system: nil, messages: earlier + [message], settings: LiveSettings(settings))
    }

    private struct Unfinished: Error {}

    private func events(_ request: ReplyRequest) async throws -> [ReplyEvent] {
        var events: [ReplyEvent] = []
        for try await event in provider.reply(to: request) { events.append(event) }
        return events
    }

    @Test func replyReportsAllEvents() async throws {
        let events = try await events(request("What is the capital of France?"))
        guard case .loading = events.first else { return #expect(Bool(false), "loading comes first") }
        let chunks = events.chunks
        #expect(!chunks.map(\.text).joined().isEmpty)
        guard case .finished(let stats) = events.last else { return #expect(Bool(false), "finished comes last") }
        #expect(stats.generatedTokens == chunks.count { $0.token != nil })
        #expect(stats.stop == .tokenLimit || stats.stop == .endOfTurn)
    }

    @Test func modelIsUnloadedAndPromptLengthReported() async throws {
        #expect(try await provider.unload(model) == false)
        let message = request("Say hello.").messages
        var settings = GenerationSettings()
        settings.contextLength = 512
        let short = try await provider.promptLength(of: model, system: nil, messages: message, settings: settings)
        let long = try await provider.promptLength(
            of: model, system: String(repeating: "Be kind. ", count: 20), messages: message, settings: settings)
        #expect(short.tokens > 0 && long.tokens > short.tokens + 30 && short.limit == 512)
        #expect(try await provider.unload(model))
        #expect(try await provider.unload(model) == false)
    }

    /// Tokens are reported with texts and alternatives, can be continued exactly, and can be scored afterwards.
    @Test func alternativesAreReportedContinuedAndScored() async throws {
        let asked = request("Name three colours.", maxTokens: 6)
        let tokens = try await events(asked).chunks.compactMap(\.details)
        #expect(tokens.count == 6)
        #expect(tokens.allSatisfy { $0.alternatives.count == 8 && $0.alternatives[0] == $0.chosen })
        let text = ReplyToken.text(of: tokens)
        #expect(!text.isEmpty)

        var more = request("Name three colours.", maxTokens: 2)
        more.messages.append(
            Message(
                id: Message.ID(rawValue: "m2"), parent: more.messages[0].id, role: .assistant,
                created: Date(timeIntervalSince1970: 0), content: ReplyToken.text(of: tokens.prefix(4))))
        more.continued = tokens.prefix(4).map(\.chosen.id)
        let rest = try await events(more).chunks.compactMap(\.details)
        #expect(rest.map(\.chosen.id) == tokens.suffix(2).map(\.chosen.id))

        var next: NextToken?
        for try await event in provider.inspect(.nextToken, more) {
            if case .nextToken(let found) = event { next = found }
        }
        #expect(next?.trace(SamplingSettings(), rows: 1).rows[0].probabilities.token == tokens[4].chosen.id)
        var scored: [ReplyToken] = []
        more.continued = nil
        for try await event in provider.inspect(.lastMessage, more) {
            if case .tokens(let found) = event { scored = found }
        }
        #expect(scored.map(\.chosen.bytes) == tokens.prefix(4).map(\.chosen.bytes))

        more.cancellation.cancel()
        for try await event in provider.inspect(.lastMessage, more) {
            if case .progress = event { continue }
            Issue.record("\(event) from a cancelled inspection")
        }
    }

    @Test func onlyTheNewPartOfAPromptIsRead() async throws {
        let first = request("Say hello.")
        let reply = try await events(first).chunks.map(\.text).joined()
        let answer = Message(
            id: Message.ID(rawValue: "m2"), parent: first.messages[0].id, role: .assistant,
            created: Date(timeIntervalSince1970: 0), content: reply)
        let second = try await events(request("And again.", after: first.messages + [answer]))
        guard case .finished(let stats) = second.last else { return #expect(Bool(false), "finished comes last") }
        #expect(stats.cachedTokens > 0)
        #expect(stats.cachedTokens < stats.promptTokens)
    }

    /// A conversation that no longer fits can still be looked at, and continuing it says what is the matter.
    @Test func aFullContextIsShownInsteadOfRefused() async throws {
        var asked = request("Hi")
        var settings = asked.settings.current
        settings.contextLength = 64
        asked.settings = LiveSettings(settings)
        let long = Message(
            id: Message.ID(rawValue: "m2"), parent: asked.messages[0].id, role: .assistant,
            created: Date(timeIntervalSince1970: 0), content: String(repeating: "again and ", count: 60))
        asked.messages.append(long)
        let (tokens, limit) = try await provider.promptLength(
            of: model, system: nil, messages: asked.messages, settings: settings)
        #expect(tokens > 64 && limit == 64)
        let prompt = try await provider.prompt(of: model, system: nil, messages: asked.messages, settings: settings)
        #expect(prompt.text.contains("again and again") && prompt.remarks.count == 1, "\(prompt.remarks)")
        let error = await #expect(throws: EngineError.self) { try await events(asked) }
        guard case .replyFillsContext = error else { return #expect(Bool(false), "\(String(describing: error))") }
        #expect(error?.description.contains("num_ctx") == true)
    }

    /// What a template needs is said where the prompt is shown.
    @Test func repairsAreShownWithThePrompt() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "templates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "own.jinja")
        try Data("{% for m in messages %}{{ m.content if m.role == 'user' }}{% endfor %}".utf8).write(to: file)
        let chosen = ChosenTemplates(file: folder.appending(path: "templates.json").path)
        let provider = LocalProvider(discovery: ModelDiscovery(own: models), threads: 2, templates: chosen)
        try await provider.chooseTemplate(file.path, for: model)
        let prompt = try await provider.prompt(
            of: model, system: "Rhyme.", messages: request("Hi").messages, settings: GenerationSettings())
        #expect(prompt.text.hasSuffix("Rhyme.\n\nHi") && prompt.remarks.count == 1, "\(prompt)")
        try await provider.chooseTemplate(nil, for: model)
        let usual = try await provider.prompt(
            of: model, system: "Rhyme.", messages: request("Hi").messages, settings: GenerationSettings())
        #expect(usual.text.contains("<|im_start|>system\nRhyme.") && usual.remarks.isEmpty)
        // The file is gone: an error says how to go on.
        try await provider.chooseTemplate(file.path, for: model)
        try FileManager.default.removeItem(at: file)
        await #expect(throws: ModelNameError.self) { try await provider.engine(for: model) }
    }

    /// A file that is replaced or changed is loaded again; one that is gone stays in use.
    @Test func aReplacedFileIsLoadedAgain() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "replaced-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "m.gguf")
        func put(_ name: String) throws {
            let source = try #require(models).appending(path: "\(name).gguf")
            let copy = folder.appending(path: "copy")
            try FileManager.default.copyItem(at: source, to: copy)
            #expect(rename(copy.path, file.path) == 0)
        }
        try put(model.name)
        let provider = LocalProvider(discovery: ModelDiscovery(own: folder), threads: 2)
        let named = ModelReference(provider: "local", name: "m")
        let first = try await provider.engine(for: named, contextLength: 64)
        #expect(first.model.summary.architecture == "llama")
        #expect(try await provider.engine(for: named, contextLength: 64) === first)

        try put("gemma-3-270m-Q4_K_M")
        let second = try await provider.engine(for: named, contextLength: 64)
        #expect(second.model.summary.architecture == "gemma3")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 9)], ofItemAtPath: file.path)
        let third = try await provider.engine(for: named, contextLength: 64)
        #expect(third !== second)
        try FileManager.default.removeItem(at: file)
        #expect(try await provider.engine(for: named, contextLength: 64) === third)
    }

    /// If a model has another vocabulary than the draft model, it is used without, with one notice.
    @Test func incompatibleDraftModelIsIgnoredWithANotice() async throws {
        let provider = LocalProvider(
            discovery: ModelDiscovery(own: models), threads: 2, draft: "gemma-3-270m-Q4_K_M")
        var remarks: [String] = []
        for _ in 0..<2 {
            var last: ReplyEvent?
            for try await event in provider.reply(to: request("Hi", maxTokens: 2)) {
                if case .notice(.other(let text)) = event { remarks.append(text) }
                last = event
            }
            guard case .finished = last else { return #expect(Bool(false), "finished comes last") }
        }
        #expect(remarks.count == 1 && remarks.allSatisfy { $0.contains("cannot draft for") })
        await #expect(throws: (any Error).self) { try await provider.engine(for: model) }
    }

    /// Generates a reply and calls `body` with the number of every chunk, before the next token.
    private func stats(
        of request: ReplyRequest, onChunk body: @escaping @Sendable (_ number: Int) -> Void
    ) async throws -> ReplyStats {
        let events = Mutex<[ReplyEvent]>([])
        try await provider.reply(to: request) { event in
            let number = events.withLock { events in
                events.append(event)
                return events.chunks.count
            }
            if case .chunk = event { body(number) }
        }
        let all = events.withLock { $0 }
        guard case .finished(let stats) = all.last else { throw Unfinished() }
        #expect(all.count { if case .finished = $0 { true } else { false } } == 1)
        return stats
    }

    @Test func changedSettingsApplyFromTheNextToken() async throws {
        let request = request("Count to one thousand.", maxTokens: 10_000)
        let stats = try await stats(of: request) { if $0 == 3 { request.settings.current.maxTokens = 5 } }
        #expect(stats.stop == .tokenLimit)
        #expect(stats.generatedTokens == 5)
    }

    @Test func stoppedReplyEndsWithStats() async throws {
        let request = request("Count to one thousand.", maxTokens: 100_000)
        let stats = try await stats(of: request) { if $0 == 3 { request.cancellation.cancel() } }
        #expect(stats.stop == .cancelled)
        #expect((3...4).contains(stats.generatedTokens) && stats.promptTokens > 0)
    }

    /// The callback and the stream report the same events.
    @Test func streamHasTheSameEvents() async throws {
        func isDeterministic(_ event: ReplyEvent) -> Bool {
            switch event {
            case .loading, .prefill, .finished: false
            default: true
            }
        }
        var request = request("Name a colour.", maxTokens: 8)
        request.settings.current.sampling.seed = 7
        let reported = Mutex<[ReplyEvent]>([])
        try await provider.reply(to: request) { event in reported.withLock { $0.append(event) } }
        request.settings = LiveSettings(request.settings.current)
        let read = try await events(request)
        #expect(reported.withLock { $0 }.filter(isDeterministic) == read.filter(isDeterministic))
        #expect(read.chunks.count { $0.details != nil && $0.token != nil } == 8)
    }

    @Test func repliesReportTheFingerprintOfTheirFile() async throws {
        func fingerprint(_ events: [ReplyEvent]) -> String? {
            for case .started(_, let fingerprint) in events { return fingerprint }
            return nil
        }
        var old = request("Hi", maxTokens: 1)
        old.model.fingerprint = "sha256:of another file"
        #expect(fingerprint(try await events(old)) == nil)
        let identified = try #require(await provider.identified(model))
        #expect(identified.fingerprint?.wholeMatch(of: /sha256:[0-9a-f]{64}/) != nil)
        #expect(fingerprint(try await events(old)) == identified.fingerprint)
    }

    @Test func cancellingStopsTheEngine() async throws {
        let long = request("Count to one thousand.", maxTokens: 100_000)
        let reader = Task { [provider] in
            for try await event in provider.reply(to: long) { if case .chunk = event { return } }
        }
        try await reader.value
        // The engine generates one reply at a time, so this one can only begin because the other has ended.
        let events = try await events(request("Hi", maxTokens: 1))
        #expect(events.contains { if case .finished = $0 { true } else { false } })
    }

    @Test func unknownModelIsAnError() async throws {
        var request = request("Hi")
        request.model.name = "none"
        await #expect(throws: ModelNameError.self) { try await events(request) }
    }
}

extension [ReplyEvent] {
    fileprivate var chunks: [ReplyChunk] { compactMap { if case .chunk(let chunk) = $0 { chunk } else { nil } } }
}
