import Chat
import Foundation
import TUI

/// The open session: a conversation and everything its replies are made with.
public struct ChatSession: Sendable, Equatable, Identifiable {
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

    /// A title that a person gave, as it is kept: its first line, bounded.
    static func oneLine(_ title: String) -> String { String(title.prefix { !$0.isNewline }.prefix(200)) }

    /// A title from what the person first said: its first line, about 48 columns.
    static func title(from text: String) -> String {
        let lines = text.split(whereSeparator: \.isNewline).map(\.trimmed)
        guard let line = lines.first(where: { !$0.isEmpty }) else { return "" }
        let rows = Wrapping.wrap(line, width: 47)
        if rows.count == 1 { return rows[0] }
        return DisplayWidth.of(rows[0]) > 24 ? rows[0] + "…" : Wrapping.truncate(line, width: 48)
    }
}

/// A session as the picker lists it.
public struct SessionSummary: Sendable, Equatable, Identifiable {
    public var id: String
    public var title: String
    public var updated: Date
    /// The model's name; nil when none was chosen yet.
    public var model: String?
    public var messageCount: Int
    /// nil where that is not known.
    public var fileBytes: Int?
    /// Set when the file cannot be read, with the reason in one line.
    public var problem: String?

    public init(
        id: String, title: String, updated: Date, model: String?, messageCount: Int, fileBytes: Int? = nil,
        problem: String? = nil
    ) {
        self.id = id
        self.title = title
        self.updated = updated
        self.model = model
        self.messageCount = messageCount
        self.fileBytes = fileBytes
        self.problem = problem
    }
}
