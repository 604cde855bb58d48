import Chat
import TUI

/// The draft's length as the model's tokenizer counts it, or as an estimate for services, which count only when they are
/// asked to reply.
public struct DraftCount: Sendable, Equatable {
    public var isEstimate = false
    /// Tokens of the text; attached files are counted separately.
    public var text: Int
    /// Tokens of the prompt without the draft; nil if that was not asked for or is not known.
    public var conversation: Int?
    /// Tokens of the model's context; nil if it is not known.
    public var limit: Int?

    public init(text: Int, conversation: Int?, limit: Int?, isEstimate: Bool = false) {
        self.isEstimate = isEstimate
        self.text = text
        self.conversation = conversation
        self.limit = limit
    }
}

/// A draft to be counted off the chat's thread.
public struct DraftQuestion: Sendable, Equatable {
    public var number: Int
    public var text: TextEditor
    public var model: ModelReference
    /// The setting: 0 means the model's own.
    public var contextLength: Int
    /// The conversation, to be counted too while no reply has reported how much of the context it takes.
    public var conversation: Conversation?

    public struct Conversation: Sendable, Equatable {
        public var system: String?
        public var messages: [Message]
    }
}

extension AppState {
    /// Asks for the draft's length, one question at a time.
    mutating func countDraft() -> [Effect] {
        guard let model = session.record.model, !composer.isCommand else {
            composer.draft.count = nil
            return []
        }
        composer.draft.isQuestionOutdated = composer.draft.pendingQuestion != nil
        if composer.draft.isQuestionOutdated { return [] }
        composer.draft.questionCount += 1
        composer.draft.pendingQuestion = composer.draft.questionCount
        let head = session.record.conversation.head
        let isKnown = session.context != nil || composer.draft.conversationCount.map { $0.head == head } ?? false
        let conversation = DraftQuestion.Conversation(
            system: session.record.system, messages: isKnown ? [] : session.record.conversation.path)
        return [
            .countDraft(
                DraftQuestion(
                    number: composer.draft.questionCount, text: composer.input, model: model,
                    contextLength: session.record.settings.contextLength, conversation: isKnown ? nil : conversation))
        ]
    }

    /// - Parameter count: nil if it could not be counted.
    mutating func applyDraftCount(_ count: DraftCount?, answering number: Int) -> [Effect] {
        guard number == composer.draft.pendingQuestion else { return [] }
        composer.draft.pendingQuestion = nil
        guard !composer.isDraftEmpty else { return [] }
        composer.draft.count = count
        if let tokens = count?.conversation {
            composer.draft.conversationCount = (session.record.conversation.head, tokens)
        }
        return composer.draft.isQuestionOutdated ? countDraft() : []
    }

    /// How many tokens of the context the draft takes with its files, and how many it leaves; nil while not known.
    var draftUse: (tokens: Int, left: Int?, isEstimate: Bool)? {
        guard let count = composer.draft.count, !composer.isDraftEmpty, !composer.isCommand else { return nil }
        let tokens = composer.outgoingAttachments.reduce(count.text) { sum, file in
            sum + (file.tokens ?? (count.isEstimate ? TokenEstimate.tokens(bytes: file.byteCount) : 0))
        }
        let before = session.context?.used ?? composer.draft.conversationCount?.tokens
        let limit = session.context?.limit ?? count.limit
        return (tokens, before.flatMap { before in limit.map { $0 - before - tokens } }, count.isEstimate)
    }
}
