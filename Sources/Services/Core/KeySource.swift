/// Where a service's key comes from.
public enum KeySource: Sendable, Equatable {
    /// The service needs none, or none is known.
    case none
    /// An environment variable.
    case environment(String)
    /// A command whose output is the key, such as `pass show openai`.
    case command(String)
    /// Written in `providers.json`.
    case literal(APIKey)
}

/// A secret. It prints as dots, and only what builds a request reads its text.
public struct APIKey: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    let secret: String

    /// Nil for texts that no header can carry: empty, with line breaks or other control characters.
    public init?(_ text: String) {
        let trimmed = text.trimmingASCIIWhitespace
        guard !trimmed.isEmpty, trimmed.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F }) else {
            return nil
        }
        secret = trimmed
    }

    public var description: String { "•••" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension String {
    fileprivate var trimmingASCIIWhitespace: String {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        let bytes = utf8.drop(while: isSpace)
        return String(decoding: bytes.reversed().drop(while: isSpace).reversed(), as: UTF8.self)
    }
}
