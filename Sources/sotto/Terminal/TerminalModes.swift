/// What ncurses does not switch by itself, as the bytes that the terminal understands.
enum TerminalModes {
    /// Bracketed paste on.
    static let enter = "\u{1B}[?2004h"
    /// Bracketed paste off, every kind of mouse report off.
    static let leave = "\u{1B}[?2004l\u{1B}[?1000l\u{1B}[?1002l\u{1B}[?1003l\u{1B}[?1006l"
    /// After a crash, when ncurses can no longer be asked: also plain colours, the cursor, the normal screen and
    /// the keypad.
    static let emergency = leave + "\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l\u{1B}[?1l\u{1B}>\r"
}
