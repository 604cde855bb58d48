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
    private let collector: OutputCollector?
    private var frames = FrameWriter()
    private var settings = termios()
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
        Self.forgetExportedSize()
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
        raw()
        noecho()
        nonl()
        tcgetattr(fileno(output), &settings)
        collector = OutputCollector(redirecting: fileno(output))
        sotto_prepare_screen()
        TerminalGuard.write(TerminalModes.enter)
    }

    /// The size of the window counts. Shells export these variables, and a window may have changed since; ncurses and
    /// other programs would believe them.
    private static func forgetExportedSize() {
        guard windowSize() != nil else { return }
        unsetenv("COLUMNS")
        unsetenv("LINES")
    }

    private static func windowSize() -> Size? {
        var window = winsize()
        guard ioctl(STDIN_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_row > 0, window.ws_col > 0 else {
            return nil
        }
        return Size(width: Int(window.ws_col), height: Int(window.ws_row))
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

    /// Restores the terminal. Does nothing the second time.
    func close() { TerminalGuard.disarm(leave) }

    /// Leaves the screen, and sends what ncurses has to say about that.
    private func leave() {
        TerminalGuard.write(TerminalModes.leave)
        endwin()
        if let collector { TerminalGuard.write(collector.take()) }
    }

    // MARK: Reading

    /// All keys that have arrived, without waiting.
    func readKeys() -> [Key] { keys.readAll() }

    /// When to read keys even if nothing arrives; nil if no key is incomplete.
    var keysDue: ContinuousClock.Instant? { keys.due }

    // MARK: Drawing

    /// Shows a surface; sends only what differs from what is on the screen.
    func draw(_ surface: Surface) {
        let changed = surface.rows(changedSince: shown)
        for y in changed where y < size.height {
            var row = CursesRow.cells(surface.row(y), pairs: &pairs)
            sotto_draw_row(Int32(y), &row, Int32(row.count))
        }
        if let cursor = surface.cursor { sotto_move_cursor(Int32(cursor.y), Int32(cursor.x)) }
        sotto_refresh()
        let cells = collector?.take() ?? []
        let others = extras.bytes(for: surface, over: shown, rows: changed, isDrawn: CursesRow.draws)
        TerminalGuard.write(frames.bytes(cells + others.utf8, hasCursor: surface.cursor != nil))
        shown = surface
    }

    /// Reads the new size of the window.
    func resize() {
        guard let window = Self.windowSize() else { return }
        resizeterm(Int32(window.height), Int32(window.width))
        size = window
        redraw()
    }

    /// Makes the next drawing send every cell.
    func redraw() {
        shown = nil
        sotto_invalidate_screen()
    }

    /// Asks the terminal to set the clipboard (OSC 52). Terminals without support ignore it.
    func copy(_ text: String) {
        let environment = ProcessInfo.processInfo.environment
        let isInScreen = environment["STY"]?.isEmpty == false && environment["TMUX"]?.isEmpty != false
        TerminalGuard.write(ClipboardRequest.bytes(text, throughScreen: isInScreen))
    }

    // MARK: The mouse

    /// Whether the program receives mouse events; otherwise the terminal keeps them, for selecting text.
    func captureMouse(_ isCaptured: Bool) {
        keys.capturesMouse = isCaptured
        setMouse(isCaptured)
    }

    private func setMouse(_ isCaptured: Bool) {
        TerminalGuard.write(isCaptured ? TerminalModes.mouse : TerminalModes.noMouse)
    }

    // MARK: Suspending

    /// Leaves the screen to another program (the shell, an editor) while `body` runs.
    func suspend<Result>(while body: () throws -> Result) rethrows -> Result {
        leave()
        TerminalGuard.restoreSettings()
        defer {
            if let terminal = TerminalGuard.terminal { tcsetattr(terminal, TCSADRAIN, &settings) }
            TerminalGuard.write(TerminalModes.enter)
            setMouse(keys.capturesMouse)
            frames.forget()
            resize()
        }
        return try body()
    }
}
