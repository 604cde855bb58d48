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
        guard let model = session.record.model, !isCommand else {
            composer.writing.count = nil
            return []
        }
        composer.writing.isOutdated = composer.writing.question != nil
        if composer.writing.isOutdated { return [] }
        composer.writing.questions += 1
        composer.writing.question = composer.writing.questions
        let head = session.record.conversation.head
        let isKnown = session.context != nil || composer.writing.counted.map { $0.head == head } ?? false
        let conversation = DraftQuestion.Conversation(
            system: session.record.system, messages: isKnown ? [] : session.record.conversation.path)
        return [
            .countDraft(
                DraftQuestion(
                    number: composer.writing.questions, text: composer.input, model: model,
                    contextLength: session.record.settings.contextLength, conversation: isKnown ? nil : conversation))
        ]
    }

    /// Whether the draft is a line that is run, not said.
    var isCommand: Bool {
        composer.edit == nil && composer.input.lines[0].first == "/" && composer.input.lines[0].dropFirst().first != "/"
    }

    /// - Parameter count: nil where there is no one to count.
    mutating func receive(_ count: DraftCount?, answering number: Int) -> [Effect] {
        guard number == composer.writing.question else { return [] }
        composer.writing.question = nil
        guard !isDraftEmpty else { return [] }
        composer.writing.count = count
        if let tokens = count?.conversation { composer.writing.counted = (session.record.conversation.head, tokens) }
        return composer.writing.isOutdated ? countDraft() : []
    }

    /// What the draft takes of the window with its files, and what it leaves; nil while that is not known.
    var draftUse: (tokens: Int, left: Int?)? {
        guard let count = composer.writing.count, !isDraftEmpty, !isCommand else { return nil }
        let tokens = outgoing.reduce(count.text) { $0 + ($1.tokens ?? 0) }
        let before = session.context?.used ?? composer.writing.counted?.tokens
        return (tokens, before.map { (session.context?.limit ?? count.limit) - $0 - tokens })
    }
}
