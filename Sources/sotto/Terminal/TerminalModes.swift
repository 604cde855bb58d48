/// Escape sequences for modes that ncurses does not switch itself.
enum TerminalModes {
    /// Enables bracketed paste, and stops the terminal from turning the wheel into arrow keys while it keeps the mouse:
    /// they would replace the draft by the history. What the terminal did before is saved.
    static let enter = "\u{1B}[?2004h\u{1B}[?1007s\u{1B}[?1007l"
    /// Reports of clicks and of the wheel, in the form without a limit for columns.
    static let mouse = "\u{1B}[?1000h\u{1B}[?1006h"
    static let noMouse = "\u{1B}[?1000l\u{1B}[?1002l\u{1B}[?1003l\u{1B}[?1006l"
    /// Disables bracketed paste and all mouse reports. The wheel sends arrow keys again, as is usual, or does what was
    /// saved, if the terminal can restore that.
    static let leave = "\u{1B}[?2004l" + noMouse + "\u{1B}[?1007h\u{1B}[?1007r"
    /// For use after a crash, when ncurses cannot be called: also ends a frame and resets colours, cursor, alternate
    /// screen and keypad.
    static let emergency = leave + "\u{1B}[?2026l\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l\u{1B}[?1l\u{1B}>\r"
}
