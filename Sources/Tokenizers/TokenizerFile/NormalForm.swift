import Foundation

/// Unicode's normal forms.
enum NormalForm: Sendable {
    case nfc, nfd, nfkc, nfkd

    /// A text in this form, or only its beginning if it has more than `limit` characters. Characters that are newer than the reference's Unicode stay as they are.
    func applied(to text: [TextScalar], limit: Int) -> [TextScalar] {
        guard let first = text.firstIndex(where: { !$0.isASCII }) else { return text }
        var result: [TextScalar] = []
        result.reserveCapacity(text.count)
        // A mark can combine with the letter before it.
        var position = max(0, first - 1)
        result += text[..<position]
        while position < text.count, result.count <= limit {
            let end = Self.partEnd(in: text, from: position)
            if end > position + 1 || !text[position].isASCII && UnicodeAge.normalForms.knows(text[position].scalar) {
                result.append(values(of: text[position..<end]), replacing: text[position..<end])
            } else {
                result.append(text[position])
            }
            position = end
        }
        return result
    }

    /// The end of a part that can be normalized alone: a character of ASCII and what follows up to the next one, or a
    /// character that is unknown.
    private static func partEnd(in text: [TextScalar], from start: Int) -> Int {
        guard text[start].isASCII || UnicodeAge.normalForms.knows(text[start].scalar) else { return start + 1 }
        var end = start + 1
        while end < text.count, end - start < mostTogether, !text[end].isASCII,
            UnicodeAge.normalForms.knows(text[end].scalar)
        {
            end += 1
        }
        // Marks of the next part must not lose their letter, unless there are very many.
        guard end - start == mostTogether else { return end }
        return (start + mostTogether / 2..<end).last { !isMark(text[$0]) } ?? end
    }

    /// Sorting a run of marks takes quadratic time.
    private static let mostTogether = 1_024

    private static func isMark(_ scalar: TextScalar) -> Bool {
        // Vowels and final consonants of Hangul combine with what comes before them, too.
        (0x1160...0x11FF).contains(scalar.value)
            || ClassifiedScalar(scalar.scalar).classes & marks != 0
    }

    private static let marks = CategoryClasses.mask("M") ?? 0

    private func values(of part: ArraySlice<TextScalar>) -> [UInt32] {
        var text = ""
        text.unicodeScalars.append(contentsOf: part.lazy.map(\.scalar))
        let form =
            switch self {
            case .nfc: text.precomposedStringWithCanonicalMapping
            case .nfd: text.decomposedStringWithCanonicalMapping
            // In one step, Foundation leaves the letters of Hangul apart that it has made of half-wide ones.
            case .nfkc: text.decomposedStringWithCompatibilityMapping.precomposedStringWithCanonicalMapping
            case .nfkd: text.decomposedStringWithCompatibilityMapping
            }
        return [UInt32](scalarsOf: form)
    }
}
