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
    /// The number of messages in all branches.
    public let messageCount: Int
    /// The beginning of the first user message, on one line.
    public let preview: String
    public let fileBytes: Int
    /// Why the file cannot be read, in one line; nil if it can.
    public let problem: String?
    /// The file's modification date, to see whether the summary is current.
    private let stamp: Date

    private static let previewLength = 100

    /// Reads the file, or reuses its known summary if it has not changed. nil if it does not exist or is not a session.
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
            guard SessionRecord.isSession(json) || mistake != nil else { return nil }
            fields = json.object ?? [:]
            if !SessionRecord.isSession(json) {
                problem = mistake.map { SessionError.damaged(path: path, reason: "\($0)").description }
            }
        } catch { problem = error.description }
        self.id = id
        self.problem = problem
        fileBytes = Int(status.st_size)
        stamp = modified
        // Reads only what lists show, not every message: a list of many sessions has to be fast.
        var reader = FieldReader(fields)
        title = reader.string("title") ?? (problem == nil ? "" : id.text)
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
    /// When the file's content last changed.
    fileprivate var modified: Date {
        #if canImport(Darwin)
            let time = st_mtimespec
        #else
            let time = st_mtim
        #endif
        return Date(timeIntervalSince1970: Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9)
    }
}
