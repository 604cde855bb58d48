/// What was masked, in text that was parsed since.
extension FormulaMask {
    enum Piece {
        case text(String)
        case formula(Formula)
    }

    /// Text that was parsed, with its marks as formulas again.
    func pieces(_ text: String) -> [Piece] {
        let text = withoutJoints(text)
        if formulas.isEmpty { return text.isEmpty ? [] : [.text(text)] }
        var pieces: [Piece] = []
        var rest = Array(text.utf8)[...]
        while let open = rest.firstRange(of: Self.open), let close = rest[open.upperBound...].firstRange(of: Self.close) {
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

    /// Text in which nothing is a formula, as it was written.
    func restored(_ text: String) -> String {
        formulas.isEmpty ? withoutJoints(text) : pieces(text).map { piece in
            switch piece {
            case .text(let text): text
            case .formula(let formula): formula.source
            }
        }.joined()
    }

    private func withoutJoints(_ text: String) -> String {
        hasJoints ? String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value != 0xFDD2 })) : text
    }
}
