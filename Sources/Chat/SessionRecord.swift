import Foundation

/// A session: a conversation and everything its replies are generated with.
public struct SessionRecord: Sendable, Equatable, Identifiable {
    public var id: String
    public var title: String
    public var created: Date
    public var updated: Date
    /// nil until a model has been chosen.
    public var model: ModelReference?
    public var settings: GenerationSettings
    /// The system prompt; nil lets the model's template put its own.
    public var system: String?
    /// The preset that was last copied in, for the header; nil when none was.
    public var preset: String?
    public var conversation: Conversation
    /// Why nothing can be written to this session (another program holds it, a newer format); nil when it can.
    public var readOnly: String?

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

    /// A session without messages is not worth a file.
    public var isWorthSaving: Bool { !conversation.messages.isEmpty && readOnly == nil }
}
