import Foundation
import Replies

/// One message of a conversation; for a reply, with everything needed to reproduce it.
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
    /// The message that this one follows; nil for the first.
    public var parent: ID?
    public var role: Role
    public var created: Date
    public var content: String
    /// Text files sent with the message.
    public var attachments: [Attachment]
    /// The model's reasoning before its answer; nil if it has none or does not mark it.
    public var reasoning: String?
    /// What the service that wrote the reply wants back with later requests.
    public var providerState: ProviderState?
    /// For replies: the model, settings, seed and statistics.
    public var origin: Origin?
    /// Fields of its file that this version does not know.
    public var unknownFields: OpaqueFields?

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

    /// With the same model file, settings, seed and thread count a reply can be reproduced byte for byte.
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
