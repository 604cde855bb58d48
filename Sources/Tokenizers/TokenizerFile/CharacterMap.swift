import Foundation

/// SentencePiece's map of characters to what replaces them: `Precompiled`. A trie over UTF-8 in a double array, whose
/// leaves are positions in a text of replacements that end with zero bytes (Kudo & Richardson 2018).
struct CharacterMap: Sendable {
    private let units: [UInt32]
    private let replacements: [UInt8]
    /// Of each character of ASCII.
    private var ascii: [[UInt32]?] = []

    init(_ field: FileField) throws(TokenizerError) {
        // Some files have none.
        let text = field.value?.string ?? ""
        guard let bytes = Data(base64Encoded: text).map({ [UInt8]($0) }) else { throw field.error("base64 expected") }
        guard !bytes.isEmpty else {
            (units, replacements) = ([], [])
            return
        }
        guard bytes.count >= 4 else { throw field.error("the size of the trie is missing") }
        let size = Int(Self.number(bytes, at: 0))
        guard size % 4 == 0, size <= bytes.count - 4 else {
            throw field.error("a trie of \(size) bytes does not fit in \(bytes.count) bytes")
        }
        units = stride(from: 4, to: 4 + size, by: 4).map { Self.number(bytes, at: $0) }
        replacements = Array(bytes[(4 + size)...])
        guard String(validating: replacements, as: UTF8.self) != nil else {
            throw field.error("the replacements are not UTF-8")
        }
        if let long = replacements.split(separator: 0).map(\.count).max(), long > Self.longest {
            throw field.error("a replacement of \(long) bytes; at most \(Self.longest) are supported")
        }
        ascii = (UInt32(0)..<0x80).map { replacement(for: [TextScalar($0, isTrusted: false)]) }
    }

    /// The longest replacement in SentencePiece's own maps has 33 bytes.
    private static let longest = 1_024

    private static func number(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
    }

    /// Replaces short grapheme clusters as a whole if the map has them, and otherwise character by character.
    /// Stops after `limit` characters.
    func applied(to text: [TextScalar], limit: Int) -> [TextScalar] {
        guard !units.isEmpty else { return text }
        var result: [TextScalar] = []
        result.reserveCapacity(text.count)
        var position = 0
        while position < text.count, result.count <= limit {
            let next = position + 1
            let isAlone = text[position].isASCII && (next == text.count || text[next].isASCII)
            if isAlone, text[position].value != 0x0D {
                replace(text[position..<next], in: &result)
                position = next
                continue
            }
            // Clusters end between two characters of ASCII, and so does this part.
            var end = next
            while end < text.count, !(text[end - 1].isASCII && text[end].isASCII) || text[end - 1].value == 0x0D {
                end += 1
            }
            appendClusters(of: text[position..<end], to: &result)
            position = end
        }
        return result
    }

    private func appendClusters(of part: ArraySlice<TextScalar>, to result: inout [TextScalar]) {
        var string = ""
        string.unicodeScalars.append(contentsOf: part.lazy.map(Self.known))
        var position = part.startIndex
        for character in string {
            let cluster = part[position..<position + character.unicodeScalars.count]
            position = cluster.endIndex
            if character.utf8.count < 6, let values = replacement(for: cluster) {
                result.append(values, replacing: cluster)
            } else {
                for index in cluster.indices { replace(cluster[index...index], in: &result) }
            }
        }
    }

    /// The character itself. A mark that the reference's version of Unicode does not know starts a cluster there, so another
    /// character with as many bytes takes its place.
    private static func known(_ scalar: TextScalar) -> Unicode.Scalar {
        let own = scalar.scalar
        guard ClassifiedScalar(own, upTo: .any).classes & marks != 0, !UnicodeAge.patterns.knows(own) else {
            return own
        }
        return own.value < 0x1_0000 ? "\u{4E00}" : "\u{20000}"
    }

    private static let marks = CategoryClasses.mask("M") ?? 0

    private func replace(_ single: ArraySlice<TextScalar>, in result: inout [TextScalar]) {
        guard let scalar = single.first else { return }
        if let values = scalar.isASCII ? ascii[Int(scalar.value)] : replacement(for: single) {
            result.append(values, replacing: single)
        } else {
            result.append(scalar)
        }
    }

    /// What the shortest entry that the text begins with is replaced by.
    private func replacement(for text: ArraySlice<TextScalar>) -> [UInt32]? {
        var bytes: [UInt8] = []
        for scalar in text { bytes.append(utf8: scalar.value) }
        guard var unit = units.first else { return nil }
        var node = Self.offset(unit)
        for byte in bytes where byte != 0 {
            node ^= Int(byte)
            guard units.indices.contains(node) else { return nil }
            unit = units[node]
            guard unit & 0x8000_00FF == UInt32(byte) else { return nil }
            node ^= Self.offset(unit)
            guard unit >> 8 & 1 == 0 else {
                return units.indices.contains(node) ? replacement(at: Int(units[node] & 0x7FFF_FFFF)) : nil
            }
        }
        return nil
    }

    /// The distance to a node's children.
    private static func offset(_ unit: UInt32) -> Int { Int(unit >> 10) << Int((unit & 0x200) >> 6) }

    private func replacement(at position: Int) -> [UInt32]? {
        guard position < replacements.count else { return nil }
        let end = replacements[position...].firstIndex(of: 0) ?? replacements.count
        return [UInt32](scalarsOf: String(decoding: replacements[position..<end], as: UTF8.self))
    }
}
