import Foundation

/// One utterance of a conversation: what was said, by whom, and for a reply everything needed to make it again.
public struct Message: Sendable, Equatable, Identifiable {
    /// Unique within its conversation.
    public struct ID: RawRepresentable, Hashable, Sendable, Codable {
        public var rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
    }

    public enum Role: String, Sendable, Codable, CaseIterable {
        case system, user, assistant, tool
    }

    public var id: ID
    /// The message this one answers or follows; nil for the first.
    public var parent: ID?
    public var role: Role
    public var created: Date
    public var content: String
    /// Text files that the person sent along.
    public var attachments: [Attachment]
    /// What the model thought before it answered, where it marks that (think tags); nil where it does not.
    public var reasoning: String?
    /// For replies: which model wrote it, under which settings and seed, and how that went.
    public var origin: Origin?

    public init(
        id: ID, parent: ID?, role: Role, created: Date, content: String, attachments: [Attachment] = [],
        reasoning: String? = nil, origin: Origin? = nil
    ) {
        self.id = id
        self.parent = parent
        self.role = role
        self.created = created
        self.content = content
        self.attachments = attachments
        self.reasoning = reasoning
        self.origin = origin
    }

    /// With the same file, seed and thread count a reply can be made again, byte for byte.
    public struct Origin: Sendable, Equatable {
        public var model: ModelReference
        public var settings: GenerationSettings
        public var seed: UInt64?
        public var stats: ReplyStats?

        public init(model: ModelReference, settings: GenerationSettings, seed: UInt64?, stats: ReplyStats? = nil) {
            self.model = model
            self.settings = settings
            self.seed = seed
            self.stats = stats
        }
    }
}
