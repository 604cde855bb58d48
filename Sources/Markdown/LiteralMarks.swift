/// Asterisks, underscores, tildes and backslashes that are part of names, paths and calculations, where Markdown would
/// take them for emphasis or an escape and not show them: `5*4*3`, `__init__.py`, `src/*/a/*.ts`, `D:\proj\_scratch`.
///
/// Marks between two characters of names are replaced by placeholders, which the parser takes for letters, and put back
/// after parsing. Text in other scripts is not concerned: there, emphasis often begins inside what has no spaces.
enum LiteralMarks {
    /// U+FDD4 to U+FDD6, noncharacters, for the marks that they stand for.
    static let placeholders: [UInt8: [UInt8]] = [
        UInt8(ascii: "*"): [0xEF, 0xB7, 0x94], UInt8(ascii: "_"): [0xEF, 0xB7, 0x95],
        UInt8(ascii: "~"): [0xEF, 0xB7, 0x96],
    ]

    /// The mark that a placeholder stands for.
    static func mark(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0xFDD4: "*"
        case 0xFDD5: "_"
        case 0xFDD6: "~"
        default: nil
        }
    }

    /// Whether a run of marks is part of a name.
    static func isLiteral(_ run: Range<Int>, in source: ArraySlice<UInt8>) -> Bool {
        guard run.lowerBound > source.startIndex, run.upperBound < source.endIndex else { return false }
        let mark = source[run.lowerBound], before = source[run.lowerBound - 1], after = source[run.upperBound]
        guard isOfName(before), isOfName(after) else { return false }
        // "Done**." ends a sentence, "**a**.py" does not.
        if after == UInt8(ascii: "."), !(source[(run.upperBound + 1)...].first.map(isOfName) ?? false) { return false }
        let isWord = (before: before.isWord, after: after.isWord)
        if mark == UInt8(ascii: "_") { return !(isWord.before && isWord.after) }
        // People write **A**/**B**. One asterisk alone at such a place is a pattern.
        return run.count == 1 || isWord.before == isWord.after
    }

    private static func isOfName(_ byte: UInt8) -> Bool { byte.isWord || "_/.\\".utf8.contains(byte) }

    /// Whether the backslash at `index` separates the parts of a path, although Markdown would take it for an escape.
    /// Underscores of other words are often escaped: `snake\_case`.
    static func isSeparator(_ index: Int, in source: ArraySlice<UInt8>) -> Bool {
        let start = source[..<index].suffix(maxPath).lastIndex { $0 <= 0x20 || "`\"'(<[".utf8.contains($0) }
        let path = source[(start.map { $0 + 1 } ?? max(source.startIndex, index - maxPath))..<index]
        let backslash = UInt8(ascii: "\\")
        if path.isEmpty {
            // \\server\share
            let name = source[index...].prefix { $0 > 0x20 }
            return name.count > 3 && name.dropFirst().first == backslash && name[index + 2].isWord
                && name[(index + 3)...].contains(backslash)
        }
        // C:\, .\ and ..\
        let root = path.prefix { $0 != backslash }
        if root.count == 2, root.last == UInt8(ascii: ":"), root.first?.isLetter == true { return true }
        if (1...2).contains(root.count), root.allSatisfy({ $0 == UInt8(ascii: ".") }) { return true }
        return zip(path, path.dropFirst()).contains { $0 == backslash && $1.isWord }
    }

    /// The longest beginning of a path that is looked at, in bytes.
    private static let maxPath = 260
}

extension UInt8 {
    fileprivate var isWord: Bool { isLetter || isDigit }
}
