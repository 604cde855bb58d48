/// Restores what was masked in parsed text.
extension MaskedSource {
    enum Piece {
        case text(String)
        case formula(Formula)
    }

    /// Splits parsed text into text and formulas.
    func pieces(_ text: String) -> [Piece] {
        let text = removingPlaceholders(text)
        if formulas.isEmpty { return text.isEmpty ? [] : [.text(text)] }
        var pieces: [Piece] = []
        var rest = Array(text.utf8)[...]
        while let open = rest.firstRange(of: Self.open), let close = rest[open.upperBound...].firstRange(of: Self.close)
        {
            if open.lowerBound > rest.startIndex {
                pieces.append(.text(String(decoding: rest[..<open.lowerBound], as: UTF8.self)))
            }
            let number = Int(String(decoding: rest[open.upperBound..<close.lowerBound], as: UTF8.self)) ?? -1
            if formulas.indices.contains(number) { pieces.append(.formula(formulas[number])) }
            rest = rest[close.upperBound...]
        }
        if !rest.isEmpty { pieces.append(.text(String(decoding: rest, as: UTF8.self))) }
        return pieces
    }

    /// The original source of parsed text in which nothing is a formula.
    func restored(_ text: String) -> String {
        formulas.isEmpty
            ? removingPlaceholders(text)
            : pieces(text).map { piece in
                switch piece {
                case .text(let text): text
                case .formula(let formula): formula.source
                }
            }.joined()
    }

    private func removingPlaceholders(_ text: String) -> String {
        guard hasPlaceholders else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where scalar.value != 0xFDD2 {
            result.append(scalar.value == 0xFDD3 ? "|" : LiteralMarks.mark(scalar) ?? scalar)
        }
        return String(result)
    }
}
