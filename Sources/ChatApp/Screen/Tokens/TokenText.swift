import Chat
import Replies
import TUI

extension TokenChoice {
    var label: String { Self.label(of: bytes) }

    /// A token's text with visible blanks and line breaks; in hexadecimal if it is part of a character.
    static func label(of bytes: [UInt8]) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let digits = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
            return "<\(digits.joined(separator: " "))>"
        }
        return text.isEmpty ? "(nothing)" : String(text.map { symbols[$0] ?? $0 })
    }

    private static let symbols: [Character: Character] = [" ": "·", "\n": "↵", "\r\n": "↵", "\r": "↵", "\t": "⇥"]
}

extension StyleRole {
    /// A probability, 0…1, on the scale from sure to rare.
    static func probability(_ value: Float) -> StyleRole {
        switch value {
        case 0.9...: .tokenSure
        case 0.5...: .tokenLikely
        case 0.2...: .tokenOpen
        case 0.05...: .tokenUnlikely
        default: .tokenRare
        }
    }
}

extension Format {
    /// A probability in four columns: "100%", " 62%", "3.4%", "<.1%", and "   –" for none.
    static func percent(_ value: Float) -> String {
        let percent = Double(value) * 100
        guard percent > 0 else { return "   –" }
        if percent >= 9.95 { return "\(Int(min(percent.rounded(), 100)))%".leftPadded(to: 4) }
        if percent < 0.1 { return "<.1%" }
        let tenths = Int((percent * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)%"
    }

    /// A share, 0…1, as a bar of at most `width` columns, in eighths of one.
    static func bar(_ share: Float, width: Int) -> String {
        let eighths = Int((Double(max(0, min(share, 1))) * Double(width * 8)).rounded(.up))
        let part = eighths % 8 == 0 ? "" : String(parts[eighths % 8 - 1])
        return (String(repeating: "█", count: eighths / 8) + part).padded(to: width)
    }

    private static let parts: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
