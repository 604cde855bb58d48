import Chat
import Foundation
import JSON

extension SessionDocument {
    static let format = "sotto.session"
    /// The version of the format that this program writes.
    public static let version = 1

    /// The whole file, fields of other versions included.
    public var json: JSONValue {
        var fields = source
        fields["format"] = .string(Self.format)
        fields["version"] = .integer(Self.version)
        fields["id"] = .string(id.text)
        fields["title"] = .string(title)
        fields["created"] = .string(Timestamp.text(created))
        fields["updated"] = .string(Timestamp.text(updated))
        fields["model"] = model.map { .object($0.json(over: source["model"]?.object ?? [:])) } ?? .null
        fields["settings"] = .object(settings.json(over: source["settings"]?.object ?? [:]))
        fields["system"] = .text(system)
        fields["head"] = .text(conversation.head?.rawValue)
        fields["messages"] = .array(
            conversation.messages.map { message in
                .object(message.json(over: messageSources[message.id] ?? [:]))
            })
        return .object(fields)
    }

    /// Reads a session, taking what can be taken: each thing that is not as it should be is a warning, and the rest is
    /// read. nil where the value is not a session at all.
    public static func read(
        _ json: JSONValue, id: SessionID
    ) -> (document: SessionDocument, warnings: [SessionWarning])? {
        guard isSession(json), let fields = json.object else { return nil }
        var reader = FieldReader(fields)
        var document = SessionDocument(id: id)
        document.title = reader.required("title", "a text", fallback: "", \.string)
        document.created = reader.date("created", fallback: Date(timeIntervalSince1970: 0))
        document.updated = reader.date("updated", fallback: document.created)
        document.model = reader.object("model", ModelReference.init)
        document.settings = reader.object("settings", GenerationSettings.init) ?? GenerationSettings()
        document.system = reader.text("system")
        document.source = fields
        document.source["messages"] = nil

        let items = reader.required("messages", "a list", fallback: [], \.array)
        let (messages, warnings) = document.readMessages(items)
        let tree = MessageTree(messages)
        document.conversation = tree.conversation
        let head = reader.text("head").map(Message.ID.init)
        if let head, document.conversation[head] == nil {
            reader.warn("head", "names no message; the last one is shown")
        } else if head != nil || fields["head"]?.isNull == true {
            document.conversation.moveHead(to: head)
        }
        return (document, reader.warnings + warnings + tree.warnings)
    }

    /// Whether a value says that it is a session; damaged ones that lost the line that says so may have messages.
    static func isSession(_ json: JSONValue) -> Bool {
        guard let fields = json.object else { return false }
        return fields["format"].map { $0.string == format } ?? (fields["messages"]?.array != nil)
    }

    private mutating func readMessages(_ items: [JSONValue]) -> (messages: [Message], warnings: [SessionWarning]) {
        var messages: [Message] = []
        var warnings: [SessionWarning] = []
        var taken = Set(items.compactMap { $0.object?["id"]?.string })
        for (index, item) in items.enumerated() {
            guard let fields = item.object, !fields.isEmpty else {
                warnings.append(SessionWarning("messages[\(index)]", "is not a message; left out"))
                continue
            }
            var fallback = "m\(index + 1)"
            while taken.contains(fallback) { fallback += "x" }
            var reader = FieldReader(fields, path: "messages[\(index)].")
            var message = Message(&reader, fallbackID: Message.ID(rawValue: fallback), previous: messages.last)
            warnings += reader.warnings
            if messageSources[message.id] != nil {
                warnings.append(
                    SessionWarning(
                        "messages[\(index)].id", "is used twice; the message is now \(fallback)"))
                message.id = Message.ID(rawValue: fallback)
            }
            taken.insert(message.id.rawValue)
            var source = fields
            source["content"] = nil
            source["reasoning"] = nil
            messageSources[message.id] = source
            messages.append(message)
        }
        return (messages, warnings)
    }
}

/// Puts messages in an order in which every parent comes before its children, whatever a file says: a parent that is
/// not there, or a circle of parents, makes a message a first one.
struct MessageTree {
    private(set) var conversation = Conversation()
    private(set) var warnings: [SessionWarning] = []

    /// The ids are distinct. The head is the last message.
    init(_ messages: [Message]) {
        let byID = Dictionary(messages.map { ($0.id, $0) }) { first, _ in first }
        for message in messages {
            var chain: [Message] = []
            var waiting: Set<Message.ID> = []
            var next: Message? = message
            while var current = next, conversation[current.id] == nil {
                next = nil
                waiting.insert(current.id)
                if let parent = current.parent {
                    if waiting.contains(parent) || byID[parent] == nil {
                        let reason = byID[parent] == nil ? "is not there" : "comes after it"
                        warnings.append(
                            SessionWarning(
                                "message \(current.id.rawValue)", "its parent \(reason); it now begins a conversation"))
                        current.parent = nil
                    } else {
                        next = byID[parent]
                    }
                }
                chain.append(current)
            }
            for message in chain.reversed() { conversation.append(message) }
        }
        conversation.moveHead(to: messages.last?.id)
    }
}
