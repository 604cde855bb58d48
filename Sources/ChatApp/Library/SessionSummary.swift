import Foundation

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
