import Chat
import Foundation
import JSON

/// A session as a list shows it.
public struct SessionSummary: Sendable, Equatable, Identifiable {
    public let id: SessionID
    public let title: String
    public let created: Date
    public let updated: Date
    public let model: ModelReference?
    /// Messages of all branches.
    public let messageCount: Int
    /// The beginning of the first thing the person said, on one line.
    public let preview: String
    public let fileBytes: Int
    /// Why the file cannot be read, in one line; nil where it can.
    public let problem: String?
    /// When the file was changed, to see whether this still holds.
    private let stamp: Date

    private static let previewLength = 100

    /// Reads the file, or takes what is known of it if it has not changed since. nil where it is gone or not a session.
    init?(id: SessionID, path: String, known: SessionSummary?) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let modified = status.modified
        if let known, known.stamp == modified, known.fileBytes == Int(status.st_size) {
            self = known
            return
        }
        var fields: JSONObject = [:]
        var problem: String?
        do {
            let (json, mistake) = JSONReader.recover(try FileAccess.read(path))
            guard SessionDocument.isSession(json) || mistake != nil else { return nil }
            fields = json.object ?? [:]
            if !SessionDocument.isSession(json) {
                problem = mistake.map { SessionError.damaged(path: path, reason: "\($0)").description }
            }
        } catch { problem = error.description }
        self.id = id
        self.problem = problem
        fileBytes = Int(status.st_size)
        stamp = modified
        // Only what is shown is read, not every message: a list of many sessions must be there at once.
        var reader = FieldReader(fields)
        title = reader.text("title") ?? (problem == nil ? "" : id.text)
        updated = reader.date("updated", fallback: modified)
        created = reader.date("created", fallback: updated)
        model = reader.object("model", ModelReference.init)
        let messages = (fields["messages"]?.array ?? []).compactMap(\.object)
        messageCount = messages.count
        let first = messages.first { $0["role"]?.string == Message.Role.user.rawValue }?["content"]?.string ?? ""
        preview = first.prefix(Self.previewLength).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension stat {
    /// When the file's content was last changed.
    fileprivate var modified: Date {
        #if canImport(Darwin)
            let time = st_mtimespec
        #else
            let time = st_mtim
        #endif
        return Date(timeIntervalSince1970: Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9)
    }
}
