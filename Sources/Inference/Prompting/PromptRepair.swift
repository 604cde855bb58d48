import Jinja

/// A change to a conversation without which a chat template would reject it or lose a part of it.
public enum PromptRepair: String, Sendable, CaseIterable, Encodable {
    /// Neighbouring messages of the same role became one. Templates that insist on alternating roles (Gemma, Mistral,
    /// Llama 2) would otherwise refuse a conversation in which a reply is missing, because it failed or was deleted.
    case rolesJoined
    /// An empty message by the user precedes a conversation that begins with the assistant's, for the same templates.
    case userMessageAdded
    /// The system prompt begins the user's first message, because the template rejects it or does not write it.
    case systemFolded

    public var description: String {
        switch self {
        case .rolesJoined: "Neighbouring messages of one role are joined: this template wants alternating roles"
        case .userMessageAdded: "An empty user message comes first: this template wants alternating roles"
        case .systemFolded: "The system prompt begins the first user message: this template has no place for it"
        }
    }
}

extension ChatTemplate {
    /// Renders a conversation, with the repairs that this template needs for it.
    ///
    /// - Throws: the error of the conversation as it is, if no repair helps.
    public func renderRepairing(
        messages: JinjaValue, tools: JinjaValue? = nil, addGenerationPrompt: Bool,
        extra: [String: JinjaValue] = [:], limits: JinjaLimits = JinjaLimits()
    ) throws(JinjaError) -> (text: RenderedText, repairs: [PromptRepair]) {
        func render(_ messages: JinjaValue) throws(JinjaError) -> RenderedText {
            try self.render(
                messages: messages, tools: tools, addGenerationPrompt: addGenerationPrompt, extra: extra,
                limits: limits)
        }
        func repaired(_ tries: [MessageList?]) -> (text: RenderedText, repairs: [PromptRepair])? {
            for case let list? in tries {
                if let text = try? render(list.value) { return (text, list.repairs) }
            }
            return nil
        }
        let list = MessageList(messages)
        let folded = list.foldingSystem
        do throws(JinjaError) {
            let text = try render(messages)
            guard ignoresSystem, let folded else { return (text, []) }
            return repaired([folded, folded.alternating]) ?? (text, [])
        } catch {
            guard error.kind == .raised, let result = repaired([list.alternating, folded, folded?.alternating]) else {
                throw error
            }
            return result
        }
    }
}

/// Messages as a template sees them, and what was changed in them.
private struct MessageList {
    private var messages: [JinjaDict]
    private(set) var repairs: [PromptRepair] = []

    /// Anything but a list of dictionaries has nothing to repair.
    init(_ value: JinjaValue) {
        messages = []
        guard case .sequence(let sequence) = value else { return }
        for case .dict(let message) in sequence.elements { messages.append(message) }
        if messages.count != sequence.count { messages = [] }
    }

    var value: JinjaValue { .list(messages.map(JinjaValue.dict)) }

    /// The system prompt in front of the user's first message; nil if there is none, or no message to begin with it.
    var foldingSystem: MessageList? {
        guard let system = messages.first, system.role == "system",
            let user = messages.firstIndex(where: { $0.role == "user" }),
            let content = Self.joined(system["content"], messages[user]["content"])
        else { return nil }
        var copy = self
        copy.messages[user]["content"] = content
        copy.messages.removeFirst()
        copy.repairs.append(.systemFolded)
        return copy
    }

    /// With alternating roles after the system prompt, beginning with the user; nil if they alternate already.
    var alternating: MessageList? {
        var copy = self
        copy.messages = []
        for message in messages {
            let role = message.role
            if role == "assistant", copy.messages.allSatisfy({ $0.role == "system" }) {
                var user = JinjaDict()
                user["role"] = .trusted("user")
                user["content"] = .string("")
                copy.messages.append(user)
                copy.repairs.append(.userMessageAdded)
            }
            if let last = copy.messages.last, last.role == role, last.isText, message.isText,
                let content = Self.joined(last["content"], message["content"])
            {
                copy.messages[copy.messages.count - 1]["content"] = content
                if copy.repairs.last != .rolesJoined { copy.repairs.append(.rolesJoined) }
            } else {
                copy.messages.append(message)
            }
        }
        return copy.repairs == repairs ? nil : copy
    }

    /// Two contents as one: texts with an empty line between them, or the parts of both. nil for other values.
    private static func joined(_ first: JinjaValue?, _ second: JinjaValue?) -> JinjaValue? {
        switch (first, second) {
        case (.string(let first), .string(let second)):
            if first.isEmpty { return .string(second) }
            return second.isEmpty ? .string(first) : .string(first + JinjaString("\n\n", trusted: true) + second)
        case (.sequence(let first), .sequence(let second)): return .list(first.elements + second.elements)
        default: return nil
        }
    }
}

extension JinjaDict {
    fileprivate var role: String? {
        guard case .string(let role)? = self["role"] else { return nil }
        return role.text
    }

    /// Whether the message is only text: calls and results of tools belong to each other and are never joined.
    fileprivate var isText: Bool {
        (role == "user" || role == "assistant") && self["tool_calls"] == nil
    }
}
