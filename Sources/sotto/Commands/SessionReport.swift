import Chat
import Foundation
import Sessions

/// A session in the JSON output of the commands.
struct SessionReport: Encodable {
    let id: String
    let title: String
    let created: String
    let updated: String
    let model: ModelReference?
    let messages: Int
    let preview: String
    let bytes: Int
    let problem: String?

    init(_ session: SessionSummary) {
        id = session.id.text
        title = session.title
        created = session.created.formatted(.iso8601)
        updated = session.updated.formatted(.iso8601)
        model = session.model
        messages = session.messageCount
        preview = session.preview
        bytes = session.fileBytes
        problem = session.problem
    }
}
