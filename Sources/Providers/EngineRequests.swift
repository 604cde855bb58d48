import Chat
import Inference

// The engine does not depend on the chat's types; this converts the chat's requests to the engine's.

extension ChatTurn {
    /// - Parameter tokens: the message's tokens, if they are known.
    init(_ message: Message, tokens: [Int32]? = nil) {
        let role: Role =
            switch message.role {
            case .system: .system
            case .user: .user
            case .assistant: .assistant
            case .tool: .tool
            }
        self.init(role: role, content: message.promptText, reasoning: message.reasoning, tokens: tokens)
    }
}

extension ExecutionProvider {
    public init(_ provider: ONNXProvider) { self = ExecutionProvider(rawValue: provider.rawValue) ?? .cpu }
}

extension GenerationOptions {
    public init(_ settings: GenerationSettings) {
        self.init(
            sampling: settings.sampling, maxTokens: settings.maxTokens, stop: settings.stop,
            speculates: settings.speculation, reasoningBudget: settings.reasoningBudget)
    }

    /// For a chat, which shows the alternatives of tokens.
    init(_ live: LiveSettings) {
        self.init(live.current)
        alternatives = 8
        isWatched = live.isWatched
    }
}

extension Prompt {
    /// A conversation, with thinking turned on or off.
    public init(_ turns: [ChatTurn], thinking: Thinking) {
        self = .messages(turns, extra: thinking == .auto ? [:] : ThinkingSwitch.variables(isOn: thinking == .on))
    }
}

extension GenerationRequest {
    /// - Parameter defaults: what the model's store keeps with it. Its stop strings end a reply besides those in the
    ///   settings, its system prompt is used if the conversation has none.
    init(_ request: ReplyRequest, defaults: ModelDefaults?) {
        let stop = defaults?.stop ?? []
        let system = request.system ?? defaults?.system
        var turns = system.map { [ChatTurn(role: .system, content: $0)] } ?? []
        turns += request.messages.map { ChatTurn($0) }
        if turns.last?.role == .assistant { turns[turns.count - 1].tokens = request.continued }
        self.init(
            prompt: Prompt(turns, thinking: request.settings.current.thinking),
            options: {
                var options = GenerationOptions(request.settings)
                options.stop += stop
                return options
            },
            isCancelled: { request.cancellation.isCancelled })
    }
}
