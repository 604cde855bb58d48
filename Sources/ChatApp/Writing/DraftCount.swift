import Chat
import TUI

/// How long a draft is, as the model's tokenizer counts it.
public struct DraftCount: Sendable, Equatable {
    /// Tokens of the text; attached files are counted by themselves.
    public var text: Int
    /// Tokens of the prompt without the draft; nil where that was not asked or cannot be told.
    public var conversation: Int?
    /// Tokens of the model's window.
    public var limit: Int

    public init(text: Int, conversation: Int?, limit: Int) {
        self.text = text
        self.conversation = conversation
        self.limit = limit
    }
}

/// A draft to be counted, away from the chat's thread.
public struct DraftQuestion: Sendable, Equatable {
    public var number: Int
    public var text: TextEditor
    public var model: ModelReference
    /// As the settings have it: 0 is the model's own.
    public var contextLength: Int
    /// The conversation, to be counted too where no reply has told how much of the window it takes.
    public var conversation: Conversation?

    public struct Conversation: Sendable, Equatable {
        public var system: String?
        public var messages: [Message]
    }
}

extension AppState {
    /// Asks how long the draft is; one question at a time.
    mutating func countDraft() -> [Effect] {
        guard let model = session.model, !isCommand else {
            writing.count = nil
            return []
        }
        writing.isOutdated = writing.question != nil
        if writing.isOutdated { return [] }
        writing.questions += 1
        writing.question = writing.questions
        let head = session.conversation.head
        let isKnown = context != nil || writing.counted.map { $0.head == head } ?? false
        let conversation = DraftQuestion.Conversation(
            system: session.system, messages: isKnown ? [] : session.conversation.path)
        return [
            .countDraft(
                DraftQuestion(
                    number: writing.questions, text: input, model: model,
                    contextLength: session.settings.contextLength, conversation: isKnown ? nil : conversation))
        ]
    }

    /// Whether the draft is a line that is run, not said.
    var isCommand: Bool {
        edit == nil && input.lines[0].first == "/" && input.lines[0].dropFirst().first != "/"
    }

    /// - Parameter count: nil where there is no one to count.
    mutating func receive(_ count: DraftCount?, answering number: Int) -> [Effect] {
        guard number == writing.question else { return [] }
        writing.question = nil
        guard !isDraftEmpty else { return [] }
        writing.count = count
        if let tokens = count?.conversation { writing.counted = (session.conversation.head, tokens) }
        return writing.isOutdated ? countDraft() : []
    }

    /// What the draft takes of the window with its files, and what it leaves; nil while that is not known.
    var draftUse: (tokens: Int, left: Int?)? {
        guard let count = writing.count, !isDraftEmpty, !isCommand else { return nil }
        let tokens = outgoing.reduce(count.text) { $0 + ($1.tokens ?? 0) }
        let before = context?.used ?? writing.counted?.tokens
        return (tokens, before.map { (context?.limit ?? count.limit) - $0 - tokens })
    }
}
