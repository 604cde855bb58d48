import HTTP

/// Why a service did not do what it was asked, in one line that says what to do. `service` is its title.
public enum ServiceError: Error, Equatable, CustomStringConvertible {
    case transport(HTTPError, service: String)
    /// No key is known. `hint` says where it is looked for: "OPENAI_API_KEY" or "the key's command in providers.json".
    case missingKey(service: String, hint: String)
    /// 401 and 403.
    case rejectedKey(service: String, hint: String, message: String)
    case unknownModel(String, service: String, near: [String])
    /// The conversation is longer than the model's context, in the service's words.
    case tooLong(service: String, message: String)
    /// 429, 5xx and overload: another try may succeed.
    case busy(service: String, status: Int, message: String, retryAfter: Double?)
    /// Every other status, with the service's message.
    case refused(service: String, status: Int, message: String)
    /// 400 because of one parameter; the request is repeated without it.
    case refusedParameter(String, service: String, message: String)
    /// An answer that is not what the protocol says.
    case malformed(service: String, detail: String)
    /// The stream ended in the middle of the reply.
    case cut(service: String)
    /// The service reports an error in the middle of the reply.
    case failed(service: String, message: String)
    /// The request cannot be made, such as an empty conversation.
    case impossible(service: String, reason: String)
    case cancelled

    public var description: String {
        switch self {
        case .transport(let error, let service): "\(service): \(error)"
        case .missingKey(let service, let hint): "\(service) needs a key: set \(hint)"
        case .rejectedKey(let service, let hint, let message):
            "\(service) rejected the key (\(hint)): \(Self.line(message))"
        case .unknownModel(let model, let service, let near):
            "\(service) has no model \(model)"
                + (near.isEmpty ? "" : "; did you mean \(near.joined(separator: " or "))?")
        case .tooLong(let service, let message): "The conversation is too long for \(service): \(Self.line(message))"
        case .busy(let service, let status, let message, _):
            "\(service) is busy (\(status)): \(Self.line(message))"
        case .refused(let service, let status, let message):
            "\(service) refused the request (\(status)): \(Self.line(message))"
        case .refusedParameter(let name, let service, let message):
            "\(service) does not take \(name): \(Self.line(message))"
        case .malformed(let service, let detail): "\(service) sent an answer that cannot be read: \(Self.line(detail))"
        case .cut(let service): "The connection to \(service) ended in the middle of the reply"
        case .failed(let service, let message): "\(service) reports an error: \(Self.line(message))"
        case .impossible(let service, let reason): "\(service): \(Self.line(reason))"
        case .cancelled: "Stopped"
        }
    }

    /// The same with another text of the service's.
    func mapMessage(_ change: (String) -> String) -> ServiceError {
        switch self {
        case .rejectedKey(let service, let hint, let message):
            .rejectedKey(service: service, hint: hint, message: change(message))
        case .tooLong(let service, let message): .tooLong(service: service, message: change(message))
        case .busy(let service, let status, let message, let retryAfter):
            .busy(service: service, status: status, message: change(message), retryAfter: retryAfter)
        case .refused(let service, let status, let message):
            .refused(service: service, status: status, message: change(message))
        case .refusedParameter(let name, let service, let message):
            .refusedParameter(name, service: service, message: change(message))
        case .malformed(let service, let detail): .malformed(service: service, detail: change(detail))
        case .failed(let service, let message): .failed(service: service, message: change(message))
        case .impossible(let service, let reason): .impossible(service: service, reason: change(reason))
        case .transport, .missingKey, .unknownModel, .cut, .cancelled: self
        }
    }

    /// A service's message as part of a line: without line breaks and controls, of a bounded length, without the full
    /// stop at its end.
    static func line(_ message: String) -> String {
        let scalars = message.unicodeScalars.prefix(600).map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
        var text = String(String.UnicodeScalarView(scalars)).split(separator: " ").joined(separator: " ")
        if text.count > 300 { text = text.prefix(300) + "…" }
        while text.last == "." { text.removeLast() }
        return text.isEmpty ? "no reason given" : text
    }
}
