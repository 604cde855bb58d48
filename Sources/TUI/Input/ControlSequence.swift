/// A control sequence without its `ESC [`: parameters and a final byte.
///
/// Keys come in the forms of xterm (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html), of rxvt, and of the kitty
/// protocol (https://sw.kovidgoyal.net/kitty/keyboard-protocol/).
struct ControlSequence {
    /// By position, each with its parts: "1;2:3" is [[1], [2, 3]]. Nil where there is no number.
    private let parameters: [[Int?]]
    private let final: UInt8
    /// "<", "=", ">" or "?" at the beginning.
    private let marker: UInt8?

    private static let maxParameters = 32

    /// Nil if it has bytes that no key has.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard let final = bytes.last else { return nil }
        self.final = final
        var body = bytes.dropLast()
        marker = body.first.flatMap { (0x3C...0x3F).contains($0) ? $0 : nil }
        if marker != nil { body = body.dropFirst() }
        guard body.allSatisfy({ (0x30...0x3B).contains($0) }) else { return nil }
        let fields = body.split(
            separator: UInt8(ascii: ";"), maxSplits: Self.maxParameters, omittingEmptySubsequences: false)
        parameters = fields.map { field in
            field.split(separator: UInt8(ascii: ":"), maxSplits: Self.maxParameters, omittingEmptySubsequences: false)
                .map { Int(String(decoding: $0, as: UTF8.self)) }
        }
    }

    var isPasteStart: Bool { marker == nil && final == UInt8(ascii: "~") && number(0) == 200 }

    /// The key; nil if it is none.
    var key: Key? {
        if marker == UInt8(ascii: "<") { return mouseReport }
        // Reports of the terminal have other markers.
        guard marker == nil else { return nil }
        switch final {
        case UInt8(ascii: "u"): return textKey(code: 0, modifiers: 1, text: 2)
        // xterm's modifyOtherKeys: `ESC [ 27 ; modifiers ; code ~`.
        case UInt8(ascii: "~") where number(0) == 27: return textKey(code: 2, modifiers: 1, text: nil)
        case UInt8(ascii: "~"): return SequenceKeys.numbered(number(0)).flatMap { modifiers(1)?.applied(to: $0) }
        case UInt8(ascii: "$"): return SequenceKeys.numbered(number(0)).map { .shift($0) }
        case UInt8(ascii: "^"): return SequenceKeys.numbered(number(0)).map { .control($0) }
        case UInt8(ascii: "@"): return SequenceKeys.numbered(number(0)).map { .control(.shift($0)) }
        case UInt8(ascii: "Z"): return .shift(.tab)
        // rxvt. With parameters it is the terminal's answer to a question.
        case UInt8(ascii: "a")...UInt8(ascii: "d") where number(0) == nil:
            return SequenceKeys.letters[final - 0x20].map { .shift($0) }
        default:
            guard (number(0) ?? 1) == 1 else { return nil }
            return SequenceKeys.letters[final].flatMap { modifiers(1)?.applied(to: $0) }
        }
    }

    private func number(_ index: Int, part: Int = 0) -> Int? {
        guard parameters.indices.contains(index), parameters[index].indices.contains(part) else { return nil }
        return parameters[index][part]
    }

    /// Nil for a key that is released, or that has modifiers without meaning here.
    private func modifiers(_ index: Int) -> KeyModifiers? {
        number(index, part: 1) == 3 ? nil : KeyModifiers(parameter: number(index) ?? 1)
    }

    /// A key by the character that it types, in the form of the kitty protocol or of modifyOtherKeys.
    private func textKey(code: Int, modifiers: Int, text: Int?) -> Key? {
        guard let held = self.modifiers(modifiers), let unshifted = number(code) else { return nil }
        let typed = text.flatMap { number($0) }
        return TextKeys.key(
            code: unshifted, shifted: number(code, part: 1), latin: number(code, part: 2), typed: typed, held)
    }

    private var mouseReport: Key? {
        guard final == UInt8(ascii: "M"), let button = number(0), let x = number(1), let y = number(2) else {
            return nil
        }
        return MouseReport.key(button: button, x: x, y: y)
    }
}
