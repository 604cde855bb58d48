import Foundation

/// A session as the session list shows it.
public struct SessionSummary: Sendable, Equatable, Identifiable {
    public var id: String
    public var title: String
    public var updated: Date
    /// The model's name; nil until one has been chosen.
    public var model: String?
    public var messageCount: Int
    /// nil if unknown.
    public var fileBytes: Int?
    /// Why the file cannot be read, in one line; nil if it can.
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
