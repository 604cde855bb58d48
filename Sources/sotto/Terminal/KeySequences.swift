import CNcurses
import TUI

/// The key codes of ncurses, and key sequences that xterm-like terminals send but terminfo does not name.
enum KeySequences {
    /// Keys named by terminfo.
    static let codes: [Int32: Key] = [
        KEY_UP: .up, KEY_DOWN: .down, KEY_LEFT: .left, KEY_RIGHT: .right, KEY_HOME: .home, KEY_END: .end,
        KEY_PPAGE: .pageUp, KEY_NPAGE: .pageDown, KEY_DC: .delete, KEY_IC: .insert, KEY_BACKSPACE: .backspace,
        KEY_ENTER: .enter, KEY_BTAB: .shift(.tab), KEY_SLEFT: .shift(.left), KEY_SRIGHT: .shift(.right),
        KEY_SR: .shift(.up), KEY_SF: .shift(.down), KEY_SHOME: .shift(.home), KEY_SEND: .shift(.end),
        KEY_SPREVIOUS: .shift(.pageUp), KEY_SNEXT: .shift(.pageDown), KEY_SDC: .shift(.delete),
    ]

    static let pasteStart = "\u{1B}[200~"
    static let pasteEnd = "\u{1B}[201~"

    /// Keys not named by terminfo, with their sequences.
    static let extra: [(bytes: String, key: Key)] =
        plain.map { ("\u{1B}\($0.bytes)", $0.key) }
        + (2...8).flatMap { modifier in
            letters.map { ("\u{1B}[1;\(modifier)\($0.bytes)", modified($0.key, by: modifier)) }
                + numbers.map { ("\u{1B}[\($0.bytes);\(modifier)~", modified($0.key, by: modifier)) }
        }

    private static let plain: [(bytes: String, key: Key)] = [
        ("[A", .up), ("[B", .down), ("[C", .right), ("[D", .left), ("[H", .home), ("[F", .end), ("OA", .up),
        ("OB", .down), ("OC", .right), ("OD", .left), ("OH", .home), ("OF", .end), ("[1~", .home), ("[4~", .end),
        ("[7~", .home), ("[8~", .end), ("[11~", .function(1)), ("[12~", .function(2)), ("[13~", .function(3)),
        ("[14~", .function(4)), ("OP", .function(1)), ("OQ", .function(2)), ("OR", .function(3)),
        ("OS", .function(4)), ("[15~", .function(5)), ("[Z", .shift(.tab)), ("[13;2u", .shift(.enter)),
    ]

    private static let letters: [(bytes: String, key: Key)] = [
        ("A", .up), ("B", .down), ("C", .right), ("D", .left), ("H", .home), ("F", .end),
    ]

    private static let numbers: [(bytes: String, key: Key)] = [
        ("2", .insert), ("3", .delete), ("5", .pageUp), ("6", .pageDown),
    ]

    /// xterm's modifier parameter is 1, plus 1 for Shift, 2 for Alt, 4 for Control.
    private static func modified(_ key: Key, by parameter: Int) -> Key {
        let bits = parameter - 1
        var key = key
        if bits & 1 != 0 { key = .shift(key) }
        if bits & 2 != 0 { key = .alt(key) }
        if bits & 4 != 0 { key = .control(key) }
        return key
    }
}
