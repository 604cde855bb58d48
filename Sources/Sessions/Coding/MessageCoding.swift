import Chat
import Foundation
import JSON
import Replies

extension Message {
    /// The message without the fields that this version does not know.
    var json: JSONObject {
        var fields: JSONObject = [
            "id": .string(id.rawValue), "parent": .text(parent?.rawValue), "role": .string(role.rawValue),
            "created": .string(Timestamp.text(created)), "content": .string(content),
        ]
        if !attachments.isEmpty { fields["attachments"] = .array(attachments.map(\.json)) }
        if reasoning != nil || role == .assistant { fields["reasoning"] = .text(reasoning) }
        if let providerState { fields["providerState"] = .object(providerState.fields) }
        if let origin {
            fields["model"] = .object(origin.model.json)
            fields["settings"] = .object(origin.settings.json)
            fields["seed"] = origin.seed.map { .integer($0) } ?? .null
            fields["stats"] = origin.stats.map { .object($0.json) } ?? .null
        }
        return fields
    }

    /// If fields of a damaged message are missing, they are guessed from the message before it: this one follows it, and
    /// user and assistant take turns.
    init(_ reader: inout FieldReader, fallbackID: ID, previous: Message?) {
        let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
        let hasParent = reader.value("parent") != nil
        self.init(
            id: reader.required("id", "a string", fallback: fallbackID) { $0.string.map(ID.init) },
            parent: hasParent ? reader.string("parent").map(ID.init) : previous?.id,
            role: reader.required("role", "one of \(roles)", fallback: previous?.role == .user ? .assistant : .user) {
                $0.string.flatMap(Role.init)
            },
            created: reader.date("created", fallback: Date(timeIntervalSince1970: 0)),
            content: reader.required("content", "a string", fallback: "", \.string),
            attachments: reader.objects("attachments", Attachment.init),
            reasoning: reader.string("reasoning"))
        providerState = reader.object("providerState", ProviderState.init) ?? nil
        if let model = reader.object("model", ModelReference.init) {
            origin = Origin(
                model: model, settings: reader.object("settings", GenerationSettings.init) ?? GenerationSettings(),
                seed: reader.optional("seed", "a whole number from 0 up", \.unsigned),
                stats: reader.object("stats", ReplyStats.init))
        }
        unknownFields = reader.unknownFields
    }
}

extension ModelReference {
    var json: JSONObject {
        ["provider": .string(provider), "name": .string(name), "fingerprint": .text(fingerprint)]
    }

    init(_ reader: inout FieldReader) {
        self.init(
            provider: reader.required("provider", "a string", fallback: "local", \.string),
            name: reader.required("name", "a string", fallback: "unknown", \.string),
            fingerprint: reader.string("fingerprint"))
    }
}

extension ReplyStats {
    var json: JSONObject {
        var fields: JSONObject = [
            "promptTokens": .integer(promptTokens), "cachedTokens": .integer(cachedTokens),
            "generatedTokens": .integer(generatedTokens), "firstTokenSeconds": .real(firstTokenSeconds),
            "tokensPerSecond": .real(tokensPerSecond), "stop": .string(stop.rawValue),
        ]
        if draftedTokens > 0 || acceptedTokens > 0 {
            fields["draftedTokens"] = .integer(draftedTokens)
            fields["acceptedTokens"] = .integer(acceptedTokens)
        }
        if reasoningTokens > 0 || reasoningSeconds > 0 {
            fields["reasoningTokens"] = .integer(reasoningTokens)
            fields["reasoningSeconds"] = .real(reasoningSeconds)
        }
        if cacheWriteTokens > 0 { fields["cacheWriteTokens"] = .integer(cacheWriteTokens) }
        if let cost {
            fields["cost"] = .object(["dollars": .real(cost.dollars), "priceDate": .string(cost.priceDate)])
        }
        return fields
    }

    init(_ reader: inout FieldReader) {
        self.init(
            promptTokens: reader.count("promptTokens"),
            cachedTokens: reader.count("cachedTokens"),
            generatedTokens: reader.count("generatedTokens"),
            firstTokenSeconds: reader.amount("firstTokenSeconds"),
            tokensPerSecond: reader.amount("tokensPerSecond"),
            draftedTokens: reader.optionalCount("draftedTokens") ?? 0,
            acceptedTokens: reader.optionalCount("acceptedTokens") ?? 0,
            stop: reader.required("stop", "a reason that this version knows", fallback: .interrupted) {
                $0.string.flatMap(StopReason.init)
            })
        reasoningTokens = reader.optionalCount("reasoningTokens") ?? 0
        reasoningSeconds = reader.optionalAmount("reasoningSeconds") ?? 0
        cacheWriteTokens = reader.optionalCount("cacheWriteTokens") ?? 0
        cost = reader.object("cost") { reader in
            Cost(
                dollars: reader.amount("dollars"),
                priceDate: reader.required("priceDate", "a string", fallback: "", \.string))
        }
    }
}
