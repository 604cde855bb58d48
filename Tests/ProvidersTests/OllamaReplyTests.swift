import Chat
import Foundation
import GGUF
import Replies
import Testing

@testable import Providers

private let models = ProcessInfo.processInfo.environment["SOTTO_TEST_MODELS"].map { URL(filePath: $0) }

/// Replies of a model in Ollama's store, with the layers that its manifest names.
@Suite(.enabled(if: models != nil, "needs SOTTO_TEST_MODELS; scripts/test sets it"))
struct OllamaReplyTests {
    private let fixture: StoreFixture
    private let provider: LocalProvider
    private let mine = ModelReference(provider: "local", name: "alice/mine:latest")
    private let plain = ModelReference(provider: "local", name: "tiny:1b")

    init() throws {
        fixture = try StoreFixture()
        let blobs = fixture.ollama.appending(path: "blobs")
        try FileManager.default.createDirectory(at: blobs, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: try #require(models).appending(path: "SmolLM2-135M-Instruct.Q4_1.gguf"),
            to: blobs.appending(path: "sha256-\(StoreFixture.digest(1))"))
        try fixture.blob(2, "You only speak in rhymes.")
        try fixture.manifest("registry.ollama.ai/library/tiny/1b", [("model", 1)])
        try fixture.manifest("registry.ollama.ai/alice/mine/latest", [("model", 1), ("system", 2), ("params", 3)])
        provider = LocalProvider(discovery: fixture.discovery(), threads: 2)
    }

    private func message(_ text: String) -> Message {
        Message(
            id: Message.ID(rawValue: "m1"), parent: nil, role: .user, created: Date(timeIntervalSince1970: 0),
            content: text)
    }

    private func reply(of model: ModelReference, system: String? = nil) async throws -> (
        text: String, stats: ReplyStats?
    ) {
        var settings = GenerationSettings()
        settings.maxTokens = 12
        settings.sampling.temperature = 0
        settings.contextLength = 512
        var text = ""
        var stats: ReplyStats?
        let request = ReplyRequest(
            model: model, system: system, messages: [message("Name three colours.")], settings: LiveSettings(settings))
        for try await event in provider.reply(to: request) {
            if case .chunk(let chunk) = event { text += chunk.text }
            if case .finished(let end) = event { stats = end }
        }
        return (text, stats)
    }

    /// A strong adapter changes the reply, and only that of its own model: both have the same weights.
    @Test func anAdapterIsApplied() async throws {
        var writer = GGUFWriter()
        writer.add("general.architecture", .string("llama"))
        writer.add("general.type", .string("adapter"))
        writer.add("adapter.type", .string("lora"))
        writer.add("adapter.lora.alpha", .float32(1))
        let type = try #require(TensorType.find(0))
        for part in ["lora_a", "lora_b"] {
            writer.addTensor(
                "blk.0.attn_output.weight.\(part)", dimensions: part == "lora_a" ? [576, 1] : [1, 576], type: type)
        }
        let values = (0..<576).map { Float($0 % 7) - 3 }
        let bytes = values.withUnsafeBytes { Array($0) }
        try writer.write(to: fixture.ollama.appending(path: "blobs/sha256-\(StoreFixture.digest(4))").path) { _ in bytes
        }
        try fixture.manifest("registry.ollama.ai/alice/tuned/latest", [("model", 1), ("adapter", 4)])
        let tuned = ModelReference(provider: "local", name: "alice/tuned:latest")
        let before = try await reply(of: plain).text
        let changed = try await reply(of: tuned).text
        #expect(!before.isEmpty && changed != before)
        #expect(try await reply(of: plain).text == before)
        #expect(try await reply(of: tuned).text == changed)
    }

    @Test func systemPromptIsUsedUnlessTheConversationHasOne() async throws {
        let messages = [message("Hi")]
        func prompt(_ model: ModelReference, _ system: String?) async throws -> String {
            try await provider.prompt(
                of: model, system: system, messages: messages, settings: GenerationSettings()
            ).text
        }
        #expect(try await prompt(mine, nil).contains("You only speak in rhymes."))
        #expect(try await prompt(mine, "Be brief.").contains("rhymes") == false)
        #expect(try await prompt(plain, nil).contains("rhymes") == false)
        let settings = GenerationSettings()
        let own = try await provider.promptLength(
            of: mine, system: "You only speak in rhymes.", messages: messages, settings: settings)
        let usual = try await provider.promptLength(of: mine, system: nil, messages: messages, settings: settings)
        #expect(usual.tokens == own.tokens)
        // The reply reads the same prompt.
        let explicit = try await reply(of: plain, system: "You only speak in rhymes.")
        let implicit = try await reply(of: mine)
        #expect(explicit.text == implicit.text && explicit.stats?.promptTokens == implicit.stats?.promptTokens)
    }

    @Test func stopStringsEndAReply() async throws {
        let whole = try await reply(of: mine)
        #expect(whole.stats?.stop != .stopText)
        let words = whole.text.split(whereSeparator: \.isWhitespace)
        let word = String(try #require(words.dropFirst(2).first { $0.count > 2 }))
        try fixture.blob(3, #"{"stop": ["\#(word)"]}"#)
        let stopped = try await LocalProvider(discovery: fixture.discovery(), threads: 2).defaults(of: mine)
        #expect(stopped?.stop == [word])
        // The provider notices the change when models are listed again.
        _ = try await provider.models()
        for _ in 0..<200 where try await provider.defaults(of: mine)?.stop.isEmpty == true {
            try await Task.sleep(for: .milliseconds(10))
        }
        let cut = try await reply(of: mine)
        #expect(cut.stats?.stop == .stopText)
        #expect(whole.text.hasPrefix(cut.text) && !cut.text.contains(word))
    }

    @Test func loadedModelWorksWithoutItsFile() async throws {
        let before = try await reply(of: plain)
        try fixture.remove(".ollama/models")
        #expect(try await provider.models().isEmpty)
        #expect(try await reply(of: plain).text == before.text)
        // Unloaded, it is gone.
        #expect(try await provider.unload(plain))
        await #expect(throws: ModelNameError.self) { try await self.reply(of: self.plain) }
    }
}
