/// A URL that may be sent to the terminal (OSC 8): http, https or mailto, in printable ASCII only, so that it cannot
/// contain control characters, whatever its source.
public struct Hyperlink: Hashable, Sendable {
    public let address: String

    /// Terminals drop longer ones.
    public static let maxLength = 2_000

    /// Percent-encodes characters beyond ASCII. Nil for other schemes, blanks, control characters and excessive length.
    public init?(_ address: String) {
        let lowercased = address.prefix(8).lowercased()
        guard let scheme = ["http://", "https://", "mailto:"].first(where: lowercased.hasPrefix),
            address.utf8.count > scheme.utf8.count, address.utf8.count <= Self.maxLength
        else { return nil }
        var encoded = ""
        for byte in address.utf8 {
            switch byte {
            case 0...0x20, 0x7F: return nil
            case 0x80...: encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            default: encoded.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        guard encoded.utf8.count <= Self.maxLength else { return nil }
        self.address = encoded
    }
}
