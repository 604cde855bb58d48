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
        guard !isLoneJamo(text[start]), text[start].isASCII || UnicodeAge.normalForms.knows(text[start].scalar) else {
            return start + 1
        }
        var end = start + 1
        while end < text.count, end - start < mostTogether, !text[end].isASCII, !isLoneJamo(text[end]),
            UnicodeAge.normalForms.knows(text[end].scalar)
        {
            end += 1
        }
        // Marks of the next part must not lose their letter, unless there are very many.
        guard end - start == mostTogether else { return end }
        return (start + mostTogether / 2..<end).last { !isMark(text[$0]) } ?? end
    }

    /// Old letters of Hangul, which combine with nothing. Foundation takes the first of each kind for modern ones.
    private static func isLoneJamo(_ scalar: TextScalar) -> Bool {
        switch scalar.value {
        case 0x1113...0x115F, 0x1176...0x11A7, 0x11C3...0x11FF: true
        default: false
        }
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
        // In one step, Foundation does not order marks that it has taken apart (U+0F73), nor compose a syllable with the
        // consonant after it. In small steps, it is right.
        let isCompatible = self == .nfkc || self == .nfkd
        let parts =
            isCompatible ? text.decomposedStringWithCompatibilityMapping : text.decomposedStringWithCanonicalMapping
        let ordered = parts.decomposedStringWithCanonicalMapping
        let isComposed = self == .nfc || self == .nfkc
        return [UInt32](scalarsOf: isComposed ? ordered.precomposedStringWithCanonicalMapping : ordered)
    }
}
