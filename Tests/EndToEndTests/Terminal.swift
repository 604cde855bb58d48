import Foundation
import Testing

/// The program in a real terminal: a tmux server of its own, controlled by keys and read from the screen.
final class Terminal {
    private let server = "sotto-\(UUID().uuidString.prefix(8))"
    private let fixture: Fixture

    /// Starts the program, after saving the terminal's settings; when it ends, its exit status is printed.
    init(
        _ fixture: Fixture, arguments: [String] = [], environment: [String: String] = [:], width: Int = 100,
        height: Int = 30
    )
        throws
    {
        self.fixture = fixture
        let home = fixture.home.path
        let variables = environment.map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
        let script = """
            cd '\(home)'; stty -g > before
            trap : INT
            unset SSH_CONNECTION SSH_CLIENT SSH_TTY
            \(variables) SOTTO_HOME='\(home)' '\(Fixture.binary.path)' \(arguments.joined(separator: " "))
            echo "exit status $?"; stty -g > after; cat
            """
        let file = try fixture.file("start.sh", holding: Data(script.utf8))
        try tmux("-f", "/dev/null", "new-session", "-d", "-x", "\(width)", "-y", "\(height)", "sh '\(file)'")
    }

    /// Starts a shell with job control, from which the program can be started. Its prompt is `shell> `.
    init(shellIn fixture: Fixture) throws {
        self.fixture = fixture
        let script =
            "cd '\(fixture.home.path)'; PS1='shell> ' SOTTO_HOME='\(fixture.home.path)' exec bash --norc --noprofile -i"
        let file = try fixture.file("start.sh", holding: Data(script.utf8))
        try tmux("-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "30", "sh '\(file)'")
    }

    deinit {
        // tmux leaves its socket behind.
        let socket = try? ask("#{socket_path}")
        _ = try? tmux("kill-server")
        if let socket { try? FileManager.default.removeItem(atPath: socket) }
    }

    @discardableResult
    private func tmux(_ arguments: String...) throws -> String { try tmux(arguments) }

    @discardableResult
    private func tmux(_ arguments: [String]) throws -> String {
        let environment = ["TMUX": "", "LC_ALL": "C.UTF-8"]
        return try Command("tmux", ["-L", server] + arguments, environment: environment).output
    }

    // MARK: Keys

    func type(_ text: String) throws {
        try waitUntilRead()
        try tmux("send-keys", "-l", text)
    }

    /// Waits until the program has read what was typed before: text and an Enter that are read at once are a paste.
    private func waitUntilRead() throws {
        // tmux has been told of the keys before, but the system may not have them yet.
        usleep(80_000)
        let tty = open(try ask("#{pane_tty}"), O_RDONLY | O_NOCTTY | O_NONBLOCK)
        defer { close(tty) }
        var waiting: Int32 = 0
        for _ in 0..<500 where ioctl(tty, UInt(FIONREAD), &waiting) == 0 && waiting > 0 { usleep(10_000) }
    }

    /// Keys by tmux's names: "Enter", "Escape", "F2", "C-c".
    func press(_ keys: String...) throws { for key in keys { try tmux("send-keys", key) } }

    func send(_ text: String) throws {
        try type(text)
        try press("Enter")
    }

    /// Sends bytes unchanged and all at once, as a terminal sends an escape sequence: if the bytes after Esc came late,
    /// it would be taken for the Esc key.
    func send(bytes: [UInt8]) throws {
        try tmux(["send-keys", "-H"] + bytes.map { String($0, radix: 16) })
    }

    /// Pastes the contents of a file.
    func paste(_ file: String) throws {
        try tmux("load-buffer", file)
        try tmux("paste-buffer", "-p", "-d")
    }

    func resize(width: Int, height: Int) throws {
        try tmux("resize-window", "-x", "\(width)", "-y", "\(height)")
    }

    // MARK: Screen

    var screen: String { get throws { try tmux("capture-pane", "-p") } }

    var coloredScreen: ColoredScreen { get throws { ColoredScreen(try tmux("capture-pane", "-e", "-p")) } }

    /// Waits until the screen no longer changes.
    func settled() async throws -> ColoredScreen {
        var last = try coloredScreen, count = 0
        while count < 4 {
            try await Task.sleep(for: .milliseconds(60))
            let now = try coloredScreen
            count = now == last ? count + 1 : 0
            last = now
        }
        return last
    }

    /// The text in tmux's buffer.
    var buffer: String { get throws { try tmux("show-buffer") } }

    func ask(_ format: String) throws -> String {
        try tmux("display-message", "-p", format).trimmingCharacters(in: .newlines)
    }

    /// The column at which tmux finds a text; nil if it is not on the screen.
    func column(of text: String) throws -> Int? {
        try tmux("copy-mode")
        defer { _ = try? tmux("send-keys", "-X", "cancel") }
        try tmux("send-keys", "-X", "top-line")
        try tmux("send-keys", "-X", "search-forward", text)
        return try ask("#{search_present}") == "0" ? nil : Int(ask("#{copy_cursor_x}"))
    }

    /// Waits until a condition is met, by the screen or by anything else that `condition` looks at.
    func wait(
        for what: String, seconds: Double = 120, at location: SourceLocation = #_sourceLocation,
        until condition: (String) throws -> Bool
    ) async throws {
        let end = Date() + seconds
        while Date() < end {
            if let screen = try? screen, try condition(screen) { return }
            try await Task.sleep(for: .milliseconds(15))
        }
        Issue.record("\(what) did not come; the screen was:\n\((try? screen) ?? "gone")", sourceLocation: location)
        throw Waited()
    }

    /// Waits for a text on the screen.
    func wait(for text: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await wait(for: "\"\(text)\"", at: location) { $0.contains(text) }
    }

    /// Waits for the end of a reply. While it runs, the status line has its figures too, and says how to stop it.
    func waitForReply(at location: SourceLocation = #_sourceLocation) async throws {
        try await wait(for: "a complete reply", at: location) {
            $0.contains("first token") && !$0.contains("Esc stop")
        }
    }

    /// Presses Esc until a condition is met, but not while the screen `isBusy`. An Esc directly followed by a character
    /// is another key, so this waits for a moment after the last one.
    func escape(
        to what: String, at location: SourceLocation = #_sourceLocation, isBusy: (String) -> Bool = { _ in false },
        until condition: (String) -> Bool
    ) async throws {
        var pressed = Date.distantPast
        try await wait(for: what, at: location) { screen in
            if condition(screen) { return Date() > pressed + 0.15 }
            if !isBusy(screen), Date() > pressed + 0.25 {
                try press("Escape")
                pressed = Date()
            }
            return false
        }
    }

    struct Waited: Error {}
}
