/// An address that a terminal may be told (OSC 8) and a person may follow: http, https or mailto, in printable ASCII
/// alone, so that it can carry no control character to the terminal, whoever wrote it.
public struct Hyperlink: Hashable, Sendable {
    public let address: String

    /// Terminals forget longer ones.
    public static let longest = 2_000

    /// Characters beyond ASCII are percent-encoded; nil for other schemes, blanks, controls and excessive length.
    public init?(_ address: String) {
        let lowercased = address.prefix(8).lowercased()
        guard let scheme = ["http://", "https://", "mailto:"].first(where: lowercased.hasPrefix),
            address.utf8.count > scheme.utf8.count, address.utf8.count <= Self.longest
        else { return nil }
        var encoded = ""
        for byte in address.utf8 {
            switch byte {
            case 0...0x20, 0x7F: return nil
            case 0x80...: encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            default: encoded.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        guard encoded.utf8.count <= Self.longest else { return nil }
        self.address = encoded
    }
}
