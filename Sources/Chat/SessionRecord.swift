import Foundation

/// A session: a conversation and everything its replies are generated with.
///
/// The tokens of replies and their probabilities are not part of it: they would make its file many times as large, and
/// the model can compute them again.
public struct SessionRecord: Sendable, Equatable, Identifiable {
    public var id: String
    /// Empty until the user or the first message gives it one.
    public var title: String
    public var created: Date
    public var updated: Date
    /// The model of the next reply; nil until one has been chosen.
    public var model: ModelReference?
    public var settings: GenerationSettings
    /// The system prompt; nil for the default of the model's template.
    public var system: String?
    /// The preset that was applied last; not saved.
    public var preset: String?
    public var conversation: Conversation
    /// Why the session cannot be changed (another program has it open, a newer format); nil if it can. Not saved.
    public var readOnly: String?
    /// Fields of its file that this version does not know.
    public var unknownFields: OpaqueFields?

    public init(
        id: String, title: String = "", created: Date, model: ModelReference? = nil,
        settings: GenerationSettings = GenerationSettings(), system: String? = nil, preset: String? = nil,
        conversation: Conversation = Conversation(), readOnly: String? = nil
    ) {
        self.id = id
        self.title = title
        self.created = created
        self.updated = created
        self.model = model
        self.settings = settings
        self.system = system
        self.preset = preset
        self.conversation = conversation
        self.readOnly = readOnly
    }

    /// A session without messages is not saved.
    public var isWorthSaving: Bool { !conversation.messages.isEmpty && readOnly == nil }
}
