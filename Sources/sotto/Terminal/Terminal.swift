import CNcurses
import Foundation
import TUI

/// The terminal as a full screen, through ncurses. Opened, used and closed on one thread.
final class Terminal {
    private(set) var size: Size
    var colorDepth: ColorDepth { pairs.depth }
    var followsLinks: Bool { extras.hasLinks }
    private var keys: KeyReader
    private var pairs: ColorPairs
    private let extras: CellExtras
    /// What the person sees now; nil when that is not known.
    private var shown: Surface?

    /// Takes over the terminal on standard input and output.
    init() throws(TerminalError) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
        guard sotto_use_utf8_locale() else { throw .noUTF8 }
        // ncurses gets a descriptor of its own, so that nothing else that prints can reach the screen;
        // programs that are started do not get it.
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

    /// With true colour where the terminal claims it. A type that is not known here is taken for a relative of xterm, as
    /// nearly all are: programs of theirs bring their descriptions to their own computer alone.
    private static func open(_ output: UnsafeMutablePointer<FILE>) -> Bool {
        let environment = ProcessInfo.processInfo.environment
        guard let type = environment["TERM"], !type.isEmpty else { return false }
        let family = type.prefix { $0 != "-" }
        let candidates = [type, "\(family)-256color", String(family), "xterm-256color"]
        return candidates.contains { type in
            ColorDepth.isTrueColorClaimed(in: environment) && DirectColor.open(type, output) != nil
                || sotto_open(type, output) != nil
        }
    }

    private func enter() {
        raw()
        noecho()
        nonl()
        sotto_keep_cells_in_place()
        TerminalGuard.write(TerminalModes.enter)
    }

    /// Gives the terminal back as it was found. Nothing happens the second time.
    func close() { TerminalGuard.disarm { endwin() } }

    // MARK: Reading

    /// Every key that has arrived, without waiting.
    func readKeys() -> [Key] { keys.readAll() }

    // MARK: Drawing

    /// Shows a surface; only what differs from what is on the screen is sent.
    func draw(_ surface: Surface) {
        let changed = surface.rows(changedSince: shown)
        for y in changed where y < size.height {
            var row = CursesRow.cells(surface.row(y), pairs: &pairs)
            sotto_draw_row(Int32(y), &row, Int32(row.count))
        }
        if let cursor = surface.cursor { sotto_place_cursor(Int32(cursor.y), Int32(cursor.x)) }
        // Not hidden while it moves: everything goes out in one piece, and the two sequences would be most of it.
        curs_set(surface.cursor == nil ? 0 : 1)
        sotto_show()
        let bytes = extras.bytes(for: surface, over: shown, rows: changed, isDrawn: CursesRow.draws)
        if !bytes.isEmpty { TerminalGuard.write(bytes) }
        shown = surface
    }

    /// Takes the window's new size from the system.
    func resize() {
        var window = winsize()
        guard ioctl(STDIN_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_row > 0, window.ws_col > 0 else { return }
        resizeterm(Int32(window.ws_row), Int32(window.ws_col))
        size = Size(width: Int(window.ws_col), height: Int(window.ws_row))
        redraw()
    }

    /// The next drawing sends every cell again.
    func redraw() {
        shown = nil
        sotto_forget_screen()
    }

    /// Asks the terminal to put text on the clipboard (OSC 52). Terminals that do not know how ignore it.
    func copy(_ text: String) {
        TerminalGuard.write("\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{07}")
    }

    // MARK: The mouse

    /// Whether the program hears of the mouse; else the terminal keeps it, for selecting text.
    func captureMouse(_ isCaptured: Bool) { keys.captureMouse(isCaptured) }

    // MARK: Leaving for a while

    /// Gives the terminal to someone else (the shell, an editor) while `body` runs.
    func lend<Result>(_ body: () throws -> Result) rethrows -> Result {
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
