import Chat
import JSON

/// What the name of one of OpenAI's models says about it: their list says nothing.
/// (developers.openai.com/api/docs/models)
struct OpenAIModel {
    let name: String
    /// Without the mark of a model that was trained further: "ft:gpt-4o:…".
    private let base: String

    init(_ name: String) {
        self.name = name
        base = name.hasPrefix("ft:") ? String(name.dropFirst(3)) : name
    }

    /// Whether it has only Chat Completions, or is so old that nothing else is certain.
    var isChatOnly: Bool {
        isSearching || base == "gpt-4" || ["gpt-3.5", "gpt-4-", "chatgpt-"].contains { base.hasPrefix($0) }
    }

    /// Whether it searches the web, which has no probabilities of tokens.
    var isSearching: Bool { base.contains("search-preview") }

    /// Whether it reasons before it answers. Such models have no sampling settings.
    var reasons: Bool {
        if base.hasPrefix("codex") || base.hasPrefix("computer-use") { return true }
        if base.first == "o", base.dropFirst().first?.isNumber == true { return true }
        let isOlder = base.hasPrefix("gpt-3") || base.hasPrefix("gpt-4")
        return base.hasPrefix("gpt-") && !isOlder && !base.contains("chat") && !base.contains("oss")
    }

    /// The least effort that it knows.
    var leastEffort: String {
        if base.hasPrefix("o") { return "low" }
        return base == "gpt-5" || base.hasPrefix("gpt-5-") ? "minimal" : "none"
    }

    /// How hard it should reason; nil for its own default.
    func effort(_ thinking: Thinking) -> String? {
        switch thinking {
        case .auto: nil
        case .on: "medium"
        case .off: leastEffort
        }
    }

    /// Parts of the names of models that do not chat, or not without tools.
    private static let others: Set<String> = [
        "embedding", "embeddings", "whisper", "tts", "dall", "image", "moderation", "realtime", "audio", "transcribe",
        "translate", "sora", "babbage", "davinci", "instruct", "research",
    ]

    var chats: Bool { !ModelList.names(name, anyOf: Self.others) }
}
