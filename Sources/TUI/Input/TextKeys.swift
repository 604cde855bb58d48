/// Keys by the character that they type. A chord means the same in every protocol: what a terminal without one sends.
enum TextKeys {
    /// A single byte: a character of ASCII, or what Control makes of one.
    static func key(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x09: .tab
        case 0x0D: .enter
        case 0x08, 0x7F: .backspace
        case 0x1B: .escape
        // Ctrl with a letter or symbol: 1 is A, 0 is the space bar (or @), 0x1F is _.
        case 0: .control(" ")
        case 0..<0x20: .control(.character(Character(Unicode.Scalar(byte < 0x1B ? byte + 0x60 : byte + 0x40))))
        case 0x20..<0x7F: .character(Character(Unicode.Scalar(byte)))
        default: nil
        }
    }

    /// A key of a protocol that reports keys as numbers.
    ///
    /// - Parameters:
    ///   - code: the code point of the key without modifiers, or the protocol's number of a key that types nothing.
    ///   - shifted: the code point with Shift, if it is reported.
    ///   - latin: the key at the same place of a Latin keyboard, if it is reported.
    ///   - typed: the code point that the key types, if it is reported.
    static func key(code: Int, shifted: Int?, latin: Int?, typed: Int?, _ held: KeyModifiers) -> Key? {
        if let key = named[code] { return key == .escape ? key : withAlt(withShift(key, held), held) }
        if let key = keypad[code] { return held.applied(to: key) }
        if let digit = keypadCharacters[code] { return withAlt(.character(digit), held) }
        // Private numbers: modifiers, media keys, and the function keys from F13 on.
        if (0xE000...0xF8FF).contains(code) {
            return (57376...57398).contains(code) ? held.applied(to: .function(code - 57363)) : nil
        }
        if held.control { return control(code: code, latin: latin, held) }
        if let typed, !held.alt, let character = character(typed) { return .character(character) }
        guard let plain = character(code) else { return nil }
        guard held.shift else { return withAlt(.character(plain), held) }
        let upper = shifted.flatMap(character) ?? plain.uppercased().first ?? plain
        return withAlt(.character(upper), held)
    }

    /// Control with a character: the byte that it makes, wherever there is one. Then Ctrl-I is Tab, as ever.
    private static func control(code: Int, latin: Int?, _ held: KeyModifiers) -> Key? {
        // Not every keyboard has Latin letters.
        guard let code = code < 0x80 ? code : latin, let ascii = UInt8(exactly: code), ascii < 0x80 else { return nil }
        switch ascii {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return withAlt(key(ascii - 0x60), held)
        case UInt8(ascii: "@")...UInt8(ascii: "_"): return withAlt(key(ascii - 0x40), held)
        case UInt8(ascii: " "), UInt8(ascii: "2"): return withAlt(.control(" "), held)
        // On most keyboards these are how Ctrl-_ is typed.
        case UInt8(ascii: "/"), UInt8(ascii: "7"), UInt8(ascii: "-"): return withAlt(.control("_"), held)
        default: return withAlt(character(code).map { .control(.character($0)) }, held)
        }
    }

    private static func withAlt(_ key: Key?, _ held: KeyModifiers) -> Key? {
        held.alt ? key.map { .alt($0) } : key
    }

    /// Shift changes only Enter and Tab.
    private static func withShift(_ key: Key, _ held: KeyModifiers) -> Key {
        held.shift && key != .backspace && !held.alt ? .shift(key) : key
    }

    private static func character(_ code: Int) -> Character? {
        guard code >= 0x20, code != 0x7F, let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else {
            return nil
        }
        return Character(scalar)
    }

    private static let named: [Int: Key] = [
        27: .escape, 13: .enter, 9: .tab, 127: .backspace, 8: .backspace, 57414: .enter,
    ]

    /// The keypad's keys that move (kitty protocol, "Functional key definitions").
    private static let keypad: [Int: Key] = [
        57417: .left, 57418: .right, 57419: .up, 57420: .down, 57421: .pageUp, 57422: .pageDown, 57423: .home,
        57424: .end, 57425: .insert, 57426: .delete,
    ]

    private static let keypadCharacters: [Int: Character] = Dictionary(
        uniqueKeysWithValues: zip(57399..., Array("0123456789./*-+")) + [(57415, "="), (57416, ",")])
}
