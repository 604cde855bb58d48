import Chat
import JSON

extension Attachment {
    var json: JSONValue {
        var fields: JSONObject = ["name": .string(name), "content": .string(content)]
        fields["tokens"] = tokens.map { .integer($0) }
        return .object(fields)
    }

    init(_ reader: inout FieldReader) {
        self.init(
            name: reader.required("name", "a string", fallback: "file", \.string),
            content: reader.required("content", "a string", fallback: "", \.string),
            tokens: reader.optionalCount("tokens"))
    }
}

extension Draft {
    static let format = "sotto.draft"

    var json: JSONValue {
        var fields = page.json
        fields["format"] = .string(Self.format)
        fields["version"] = .integer(SessionRecord.formatVersion)
        if let edit {
            var inner = edit.page.json
            inner["message"] = .string(edit.message.rawValue)
            fields["edit"] = .object(inner)
        }
        return .object(fields)
    }

    /// nil if the value is not a draft.
    init?(_ json: JSONValue) {
        guard let fields = json.object, fields["format"]?.string == Self.format else { return nil }
        var reader = FieldReader(fields)
        self.init(page: Page(&reader))
        edit =
            reader.object("edit") { reader in
                let message = reader.string("message").map(Message.ID.init)
                return message.map { Edit(message: $0, page: Page(&reader)) }
            } ?? nil
    }
}

extension Draft.Page {
    fileprivate var json: JSONObject {
        var fields: JSONObject = ["text": .string(text), "line": .integer(line), "column": .integer(column)]
        if !attachments.isEmpty { fields["attachments"] = .array(attachments.map(\.json)) }
        return fields
    }

    fileprivate init(_ reader: inout FieldReader) {
        self.init(
            text: reader.string("text") ?? "", line: reader.optionalCount("line") ?? 0,
            column: reader.optionalCount("column") ?? 0,
            attachments: reader.objects("attachments", Attachment.init))
    }
}
