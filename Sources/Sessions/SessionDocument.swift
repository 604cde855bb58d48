import Chat
import Foundation
import JSON

/// A conversation with everything that belongs to it, as one session file holds it.
///
/// The tokens of replies and their probabilities are not part of it: they would make the file many times as large, and
/// the model tells them again when they are asked for.
public struct SessionDocument: Sendable, Equatable {
    public var id: SessionID
    /// Empty until someone, or the first message, gives it a name.
    public var title: String
    public var created: Date
    public var updated: Date
    /// The model that answers next; nil when none was chosen yet.
    public var model: ModelReference?
    public var settings: GenerationSettings
    /// nil lets the model's template put its own.
    public var system: String?
    public var conversation: Conversation

    /// What the file held, so that fields this version does not know are there when it is written again. Messages lie
    /// apart, by id, and without their texts.
    var source: JSONObject = [:]
    var messageSources: [Message.ID: JSONObject] = [:]

    public init(
        id: SessionID = .new(), title: String = "", created: Date = Date(), model: ModelReference? = nil,
        settings: GenerationSettings = GenerationSettings(), system: String? = nil,
        conversation: Conversation = Conversation()
    ) {
        self.id = id
        self.title = title
        self.created = created
        self.updated = created
        self.model = model
        self.settings = settings
        self.system = system
        self.conversation = conversation
    }
}

/// Something that could not be read as it stands in a file; the rest was.
public struct SessionWarning: Sendable, Equatable, CustomStringConvertible {
    /// Where in the file, such as "messages[3].role".
    public var field: String
    /// What is wrong and what was done about it.
    public var problem: String

    public var description: String { "\(field): \(problem)" }

    public init(_ field: String, _ problem: String) {
        self.field = field
        self.problem = problem
    }
}
