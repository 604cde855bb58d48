import Chat
import Foundation
import JSON

extension Message {
    /// The message's fields over those of `source` that this version does not know.
    func json(over source: JSONObject = [:]) -> JSONObject {
        var fields = source
        fields["id"] = .string(id.rawValue)
        fields["parent"] = .text(parent?.rawValue)
        fields["role"] = .string(role.rawValue)
        fields["created"] = .string(Timestamp.text(created))
        fields["content"] = .string(content)
        fields["attachments"] = attachments.isEmpty ? nil : .array(attachments.map(\.json))
        if reasoning != nil || role == .assistant { fields["reasoning"] = .text(reasoning) }
        if let origin {
            fields["model"] = .object(origin.model.json(over: source["model"]?.object ?? [:]))
            fields["settings"] = .object(origin.settings.json(over: source["settings"]?.object ?? [:]))
            fields["seed"] = origin.seed.map { .integer($0) } ?? .null
            fields["stats"] = origin.stats.map { .object($0.json(over: source["stats"]?.object ?? [:])) } ?? .null
        }
        return fields
    }

    /// What a damaged message lacks is guessed from the one before it: it follows that, and the speakers take turns.
    init(_ reader: inout FieldReader, fallbackID: ID, previous: Message?) {
        let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
        self.init(
            id: reader.required("id", "a text", fallback: fallbackID) { $0.string.map(ID.init) },
            parent: reader.fields["parent"] == nil ? previous?.id : reader.text("parent").map(ID.init),
            role: reader.required("role", "one of \(roles)", fallback: previous?.role == .user ? .assistant : .user) {
                $0.string.flatMap(Role.init)
            },
            created: reader.date("created", fallback: Date(timeIntervalSince1970: 0)),
            content: reader.required("content", "a text", fallback: "", \.string),
            attachments: reader.objects("attachments", Attachment.init),
            reasoning: reader.text("reasoning"))
        guard let model = reader.object("model", ModelReference.init) else { return }
        origin = Origin(
            model: model, settings: reader.object("settings", GenerationSettings.init) ?? GenerationSettings(),
            seed: reader.optional("seed", "a whole number from 0 up", \.unsigned),
            stats: reader.object("stats", ReplyStats.init))
    }
}

extension ModelReference {
    func json(over source: JSONObject = [:]) -> JSONObject {
        var fields = source
        fields["provider"] = .string(provider)
        fields["name"] = .string(name)
        fields["fingerprint"] = .text(fingerprint)
        return fields
    }

    init(_ reader: inout FieldReader) {
        self.init(
            provider: reader.required("provider", "a text", fallback: "local", \.string),
            name: reader.required("name", "a text", fallback: "unknown", \.string),
            fingerprint: reader.text("fingerprint"))
    }
}

extension ReplyStats {
    func json(over source: JSONObject = [:]) -> JSONObject {
        var fields = source
        fields["promptTokens"] = .integer(promptTokens)
        fields["cachedTokens"] = .integer(cachedTokens)
        fields["generatedTokens"] = .integer(generatedTokens)
        fields["firstTokenSeconds"] = .real(firstTokenSeconds)
        fields["tokensPerSecond"] = .real(tokensPerSecond)
        if draftedTokens > 0 {
            fields["draftedTokens"] = .integer(draftedTokens)
            fields["acceptedTokens"] = .integer(acceptedTokens)
        }
        if reasoningTokens > 0 {
            fields["reasoningTokens"] = .integer(reasoningTokens)
            fields["reasoningSeconds"] = .real(reasoningSeconds)
        }
        fields["stop"] = .string(stop.rawValue)
        return fields
    }

    init(_ reader: inout FieldReader) {
        self.init(
            promptTokens: reader.required("promptTokens", "a whole number", fallback: 0, \.integer),
            cachedTokens: reader.required("cachedTokens", "a whole number", fallback: 0, \.integer),
            generatedTokens: reader.required("generatedTokens", "a whole number", fallback: 0, \.integer),
            firstTokenSeconds: reader.required("firstTokenSeconds", "a number", fallback: 0, \.double),
            tokensPerSecond: reader.required("tokensPerSecond", "a number", fallback: 0, \.double),
            draftedTokens: reader.optional("draftedTokens", "a whole number", \.integer) ?? 0,
            acceptedTokens: reader.optional("acceptedTokens", "a whole number", \.integer) ?? 0,
            stop: reader.required("stop", "a reason this version knows", fallback: .interrupted) {
                $0.string.flatMap(StopReason.init)
            })
        reasoningTokens = reader.optional("reasoningTokens", "a whole number", \.integer) ?? 0
        reasoningSeconds = reader.optional("reasoningSeconds", "a number", \.double) ?? 0
    }
}
