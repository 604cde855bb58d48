/// Finds bare URLs in text.
enum Autolinks {
    private static let starts = ["https://", "http://", "www."]
    private static let maxLength = 2_000

    /// Splits `text` into plain text and links.
    static func split(_ text: String) -> [Inline] {
        guard mayContainAddress(text) else { return text.isEmpty ? [] : [.text(text)] }
        var result: [Inline] = []
        var plain = ""
        var rest = text[...]
        while !rest.isEmpty {
            if plain.last.map({ $0.isLetter || $0.isNumber }) != true, let address = address(at: rest) {
                if !plain.isEmpty { result.append(.text(plain)) }
                plain = ""
                let destination = address.hasPrefix("www.") ? "https://" + address : String(address)
                result.append(.link(destination: destination, [.text(String(address))]))
                rest = rest[address.endIndex...]
            } else {
                plain.append(rest.removeFirst())
            }
        }
        if !plain.isEmpty { result.append(.text(plain)) }
        return result
    }

    /// Whether `text` contains one of `starts`. Runs on every piece of text, again and again while it grows.
    private static func mayContainAddress(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            bytes.indices.contains { index in
                let first = bytes[index]
                guard first == UInt8(ascii: "h") || first == UInt8(ascii: "w") else { return false }
                return starts.contains { bytes[index...].starts(with: $0.utf8) }
            }
        }
    }

    private static func address(at text: Substring) -> Substring? {
        guard let first = text.first, first == "h" || first == "w", let start = starts.first(where: text.hasPrefix)
        else { return nil }
        var address = text.prefix(maxLength).prefix { !$0.isWhitespace && !"<>\"“”「」".contains($0) }
        // Trailing punctuation belongs to the sentence, and an unmatched closing bracket to what is around the URL.
        while let last = address.last {
            if ".,;:!?'*_~".contains(last) {
                address.removeLast()
            } else if let open = ["(": ")", "[": "]"].first(where: { $0.value == String(last) })?.key.first,
                address.count(where: { $0 == last }) > address.count(where: { $0 == open })
            {
                address.removeLast()
            } else {
                break
            }
        }
        let host = address.dropFirst(start.count)
        guard let head = host.first, head.isLetter || head.isNumber, start != "www." || host.contains(".") else {
            return nil
        }
        return address
    }
}
