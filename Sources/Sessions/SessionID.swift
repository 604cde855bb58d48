import Foundation

/// Identifies a session: its file's name without ".json".
///
/// New ids are ULIDs: 48 bits of milliseconds since 1970 and 80 random bits in Crockford's base 32, so that they sort
/// by age.
public struct SessionID: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let text: String

    /// nil unless the text has 1 to 64 ASCII letters, digits, '-', '_' and '.' and does not begin with '.', so that an
    /// id is never a path to another folder.
    public init?(_ text: String) {
        let isAllowed = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isAllowed, (1...64).contains(text.utf8.count), !text.hasPrefix(".") else { return nil }
        self.text = text
    }

    /// An id that comes from outside.
    public init(parsing text: String) throws(SessionError) {
        guard let id = SessionID(text) else { throw .badSessionID(text) }
        self = id
    }

    public static func new(at date: Date = Date()) -> SessionID {
        var random = SystemRandomNumberGenerator()
        let milliseconds = UInt64(max(0, date.timeIntervalSince1970 * 1000)) & 0xffff_ffff_ffff
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        let time = (0..<10).reversed().map { alphabet[Int(milliseconds >> (5 * UInt64($0))) & 31] }
        let rest = (0..<16).map { _ in alphabet[Int.random(in: 0..<32, using: &random)] }
        return SessionID(checked: String(time + rest))
    }

    /// For a text that is known to be valid.
    private init(checked text: String) { self.text = text }

    public var description: String { text }
    public static func < (left: SessionID, right: SessionID) -> Bool { left.text < right.text }
}
