import CNcurses
import Foundation

/// Whether the chat runs without a full screen.
enum PlainMode {
    /// Also true if the user set `ACCESSIBLE`, or if the terminal cannot move its cursor.
    static func isNeeded(requested: Bool, environment: [String: String] = ProcessInfo.processInfo.environment) -> Bool {
        if requested { return true }
        if let accessible = environment["ACCESSIBLE"], !["", "0"].contains(accessible) { return true }
        guard StandardInput.isTerminal, StandardOutput.isTerminal else { return false }
        let type = environment["TERM"] ?? ""
        return type.isEmpty || !sotto_can_move_cursor(type)
    }
}
