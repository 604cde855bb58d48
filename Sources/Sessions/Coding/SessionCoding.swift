import Chat
import Foundation
import JSON

extension SessionRecord {
    private static let format = "sotto.session"
    /// The version of the format that this program writes.
    public static let formatVersion = 1

    /// The content of the session's file.
    public var json: JSONValue {
        var fields: JSONObject = [
            "format": .string(Self.format), "version": .integer(Self.formatVersion), "id": .string(id),
            "title": .string(title), "created": .string(Timestamp.text(created)),
            "updated": .string(Timestamp.text(updated)), "model": model.map { .object($0.json) } ?? .null,
            "settings": .object(settings.json), "system": .text(system), "head": .text(conversation.head?.rawValue),
        ]
        fields["messages"] = .array(
            conversation.messages.map { message in
                var fields = message.json
                fields.add(message.unknownFields)
                return .object(fields)
            })
        fields.add(unknownFields)
        return .object(fields)
    }

    /// Reads as much of a session as possible: everything that is not valid becomes a warning, and the rest is read. nil
    /// if the value is not a session at all.
    public static func read(
        _ json: JSONValue, id: SessionID
    ) -> (record: SessionRecord, warnings: [SessionWarning])? {
        guard isSession(json), let fields = json.object else { return nil }
        var reader = FieldReader(fields)
        for name in ["format", "version", "id"] { _ = reader.value(name) }
        var record = SessionRecord(
            id: id.text, title: reader.required("title", "a string", fallback: "", \.string),
            created: reader.date("created", fallback: Date(timeIntervalSince1970: 0)))
        record.updated = reader.date("updated", fallback: record.created)
        record.model = reader.object("model", ModelReference.init)
        record.settings = reader.object("settings", GenerationSettings.init) ?? GenerationSettings()
        record.system = reader.string("system")

        let items = reader.required("messages", "a list", fallback: [], \.array)
        let (messages, warnings) = readMessages(items)
        let tree = MessageTree(messages)
        record.conversation = tree.conversation
        let headValue = reader.value("head")
        let head = reader.string("head").map(Message.ID.init)
        if let head, record.conversation[head] == nil {
            reader.warn("head", "is not the id of a message; the last message is shown")
        } else if head != nil || headValue?.isNull == true {
            record.conversation.moveHead(to: head)
        }
        record.unknownFields = reader.unknownFields
        return (record, reader.warnings + warnings + tree.warnings)
    }

    /// Whether a value has the format of a session. A damaged file without a format is one if it has messages.
    static func isSession(_ json: JSONValue) -> Bool {
        guard let fields = json.object else { return false }
        return fields["format"].map { $0.string == format } ?? (fields["messages"]?.array != nil)
    }

    /// Why a value is not a session.
    static func formatProblem(_ json: JSONValue) -> String {
        let found = json.object?["format"]?.string.map { ", not \"\($0.prefix(40))\"" } ?? ""
        return "its \"format\" must be \"\(format)\"\(found)"
    }

    private static func readMessages(_ items: [JSONValue]) -> (messages: [Message], warnings: [SessionWarning]) {
        var messages: [Message] = []
        var warnings: [SessionWarning] = []
        let given = Set(items.compactMap { $0.object?["id"]?.string })
        var taken: Set<String> = []
        for (index, item) in items.enumerated() {
            guard let fields = item.object, !fields.isEmpty else {
                warnings.append(SessionWarning("messages[\(index)]", "is not a message; ignored"))
                continue
            }
            var fallback = "m\(index + 1)"
            while given.contains(fallback) || taken.contains(fallback) { fallback += "x" }
            var reader = FieldReader(fields, path: "messages[\(index)].")
            var message = Message(&reader, fallbackID: Message.ID(rawValue: fallback), previous: messages.last)
            warnings += reader.warnings
            if taken.contains(message.id.rawValue) {
                warnings.append(
                    SessionWarning("messages[\(index)].id", "is used twice; this message is now \(fallback)"))
                message.id = Message.ID(rawValue: fallback)
            }
            taken.insert(message.id.rawValue)
            messages.append(message)
        }
        return (messages, warnings)
    }
}
