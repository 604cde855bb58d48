import CNcurses
import Foundation
import TUI

/// The terminal as a full screen, using ncurses. Open, use and close it on a single thread.
final class Terminal {
    private(set) var size: Size
    var colorDepth: ColorDepth { pairs.depth }
    var followsLinks: Bool { extras.hasLinks }
    private var keys: KeyReader
    private var pairs: ColorPairs
    private let extras: CellExtras
    /// What is on the screen; nil if unknown.
    private var shown: Surface?

    /// Takes control of the terminal on standard input and output.
    init() throws(TerminalError) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
        guard sotto_use_utf8_locale() else { throw .noUTF8 }
        // ncurses gets its own file descriptor, so that nothing else that prints can reach the screen. Child processes
        // do not inherit it.
        guard let output = fdopen(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0), "w") else { throw .cannotOpen }
        TerminalGuard.arm(terminal: fileno(output))
        guard Self.open(output) else {
            TerminalGuard.disarm {}
            throw .unknownType(ProcessInfo.processInfo.environment["TERM"] ?? "")
        }
        keys = KeyReader()
        pairs = ColorPairs()
        extras = CellExtras(
            depth: pairs.depth,
            hasLinks: CellExtras.followsLinks(environment: ProcessInfo.processInfo.environment),
            hasStrikethrough: sotto_has_strikethrough())
        size = Size(width: Int(sotto_column_count()), height: Int(sotto_row_count()))
        enter()
    }

    /// Opens the terminal, with true colour if it claims that. An unknown type is assumed to resemble xterm, as nearly
    /// all do; terminals often install their terminfo entry only on their own computer.
    private static func open(_ output: UnsafeMutablePointer<FILE>) -> Bool {
        let environment = ProcessInfo.processInfo.environment
        guard let type = environment["TERM"], !type.isEmpty else { return false }
        let family = type.prefix { $0 != "-" }
        let candidates = [type, "\(family)-256color", String(family), "xterm-256color"]
        return candidates.contains { type in
            ColorDepth.isTrueColorClaimed(in: environment) && DirectColor.open(type, output) != nil
                || sotto_newterm(type, output) != nil
        }
    }

    private func enter() {
        raw()
        noecho()
        nonl()
        sotto_disable_cell_shifting()
        TerminalGuard.write(TerminalModes.enter)
    }

    /// Restores the terminal. Does nothing the second time.
    func close() { TerminalGuard.disarm { endwin() } }

    // MARK: Reading

    /// All keys that have arrived, without waiting.
    func readKeys() -> [Key] { keys.readAll() }

    // MARK: Drawing

    /// Shows a surface; sends only what differs from what is on the screen.
    func draw(_ surface: Surface) {
        let changed = surface.rows(changedSince: shown)
        for y in changed where y < size.height {
            var row = CursesRow.cells(surface.row(y), pairs: &pairs)
            sotto_draw_row(Int32(y), &row, Int32(row.count))
        }
        if let cursor = surface.cursor { sotto_move_cursor(Int32(cursor.y), Int32(cursor.x)) }
        // The cursor is not hidden while drawing: all output is sent at once, and the two sequences would be most of
        // it.
        curs_set(surface.cursor == nil ? 0 : 1)
        sotto_refresh()
        let bytes = extras.bytes(for: surface, over: shown, rows: changed, isDrawn: CursesRow.draws)
        if !bytes.isEmpty { TerminalGuard.write(bytes) }
        shown = surface
    }

    /// Reads the new size of the window.
    func resize() {
        var window = winsize()
        guard ioctl(STDIN_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_row > 0, window.ws_col > 0 else { return }
        resizeterm(Int32(window.ws_row), Int32(window.ws_col))
        size = Size(width: Int(window.ws_col), height: Int(window.ws_row))
        redraw()
    }

    /// Makes the next drawing send every cell.
    func redraw() {
        shown = nil
        sotto_invalidate_screen()
    }

    /// Asks the terminal to set the clipboard (OSC 52). Terminals without support ignore it.
    func copy(_ text: String) {
        TerminalGuard.write("\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{07}")
    }

    // MARK: The mouse

    /// Whether the program receives mouse events; otherwise the terminal keeps them, for selecting text.
    func captureMouse(_ isCaptured: Bool) { keys.captureMouse(isCaptured) }

    // MARK: Suspending

    /// Leaves the screen to another program (the shell, an editor) while `body` runs.
    func suspend<Result>(while body: () throws -> Result) rethrows -> Result {
        def_prog_mode()
        TerminalGuard.write(TerminalModes.leave)
        endwin()
        defer {
            reset_prog_mode()
            TerminalGuard.write(TerminalModes.enter)
            resize()
        }
        return try body()
    }
}
