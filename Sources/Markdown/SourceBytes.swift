/// What formulas and spans of code need to know about the bytes of Markdown around them.
extension ArraySlice<UInt8> {
    /// The character that ends before `index`.
    func scalar(before index: Int) -> Unicode.Scalar? {
        let bytes = self[..<index].suffix(4).drop { $0 & 0xC0 == 0x80 }
        return String(decoding: bytes, as: UTF8.self).unicodeScalars.last
    }

    /// The character at `index`.
    func scalar(at index: Int) -> Unicode.Scalar? {
        String(decoding: self[index...].prefix(4), as: UTF8.self).unicodeScalars.first
    }

    /// Whether `index` is a line end that a blank line follows.
    func isParagraphEnd(_ index: Int) -> Bool {
        guard self[index] == UInt8(ascii: "\n") else { return false }
        let next = self[(index + 1)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ">") }
        return next.first == UInt8(ascii: "\n")
    }

    /// Whether `index` is a line end and the next line starts a heading, a fence or a list item, which ends a paragraph
    /// too. Lines of a displayed formula may look like one.
    func isBlockStart(after index: Int) -> Bool {
        guard self[index] == UInt8(ascii: "\n") else { return false }
        let line = self[(index + 1)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ">") }
        guard let first = line.first else { return false }
        if "#`~".utf8.contains(first) { return first == UInt8(ascii: "#") || line.prefix { $0 == first }.count > 2 }
        let marker = line.dropFirst(first.isDigit ? line.prefix(while: \.isDigit).count : 0)
        return marker.first.map { "-+*.)".utf8.contains($0) } == true && marker.dropFirst().first == UInt8(ascii: " ")
    }
}

extension UInt8 {
    /// Whether it is part of a word in any script.
    var isWordByte: Bool { isLetter || isDigit || self >= 0x80 }
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) && self < 0x80 }
}
