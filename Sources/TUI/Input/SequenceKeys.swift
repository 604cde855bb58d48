/// The keys that have a number or a letter in escape sequences.
enum SequenceKeys {
    /// `ESC [ number ~`: xterm's, and those of rxvt and the Linux console for Home, End and the first function keys.
    static func numbered(_ number: Int?) -> Key? { number.flatMap { numbers[$0] } }

    private static let numbers: [Int: Key] = {
        let editing: [Int: Key] = [
            1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
        ]
        // The gaps are where the rows of a VT220's keys end.
        let function = [11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 31, 32, 33, 34]
        return function.enumerated().reduce(into: editing) { $0[$1.element] = .function($1.offset + 1) }
    }()

    /// `ESC [ letter`, also with modifiers, and `ESC O letter`.
    static let letters: [UInt8: Key] = [
        UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right, UInt8(ascii: "D"): .left,
        UInt8(ascii: "H"): .home, UInt8(ascii: "F"): .end, UInt8(ascii: "P"): .function(1),
        UInt8(ascii: "Q"): .function(2), UInt8(ascii: "R"): .function(3), UInt8(ascii: "S"): .function(4),
    ]

    /// `ESC O letter`: also the keypad in application mode, as on a VT100, and the arrows of rxvt with Control.
    ///
    /// - Parameter modifiers: digits before the letter, as an old xterm sends them.
    static func applicationKey(_ letter: UInt8, modifiers: ArraySlice<UInt8>) -> Key? {
        let parameter = Int(String(decoding: modifiers, as: UTF8.self)) ?? 1
        guard let modifiers = KeyModifiers(parameter: parameter) else { return nil }
        if let key = letters[letter] ?? keypad[letter] { return modifiers.applied(to: key) }
        return letter >= 0x60 ? letters[letter - 0x20].map { .control($0) } : nil
    }

    private static let keypad: [UInt8: Key] = {
        let others: [UInt8: Key] = [
            UInt8(ascii: "M"): .enter, UInt8(ascii: "I"): .tab, UInt8(ascii: " "): " ", UInt8(ascii: "X"): "=",
        ]
        return zip(UInt8(ascii: "j")...UInt8(ascii: "y"), "*+,-./0123456789").reduce(into: others) {
            $0[$1.0] = .character($1.1)
        }
    }()
}
