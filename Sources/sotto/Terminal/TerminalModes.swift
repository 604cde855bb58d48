/// Escape sequences for modes that ncurses does not switch itself.
enum TerminalModes {
    /// Enables bracketed paste.
    static let enter = "\u{1B}[?2004h"
    /// Disables bracketed paste and all mouse reports.
    static let leave = "\u{1B}[?2004l\u{1B}[?1000l\u{1B}[?1002l\u{1B}[?1003l\u{1B}[?1006l"
    /// For use after a crash, when ncurses cannot be called: also resets colours, cursor, alternate screen and keypad.
    static let emergency = leave + "\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l\u{1B}[?1l\u{1B}>\r"
}
