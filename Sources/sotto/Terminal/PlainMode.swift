import CNcurses
import Foundation

/// Whether the chat is to do without a screen.
enum PlainMode {
    /// On a terminal also where the person has asked for it in `ACCESSIBLE`, or the terminal cannot move its cursor.
    static func isWanted(asked: Bool, environment: [String: String] = ProcessInfo.processInfo.environment) -> Bool {
        if asked { return true }
        guard StandardInput.isTerminal, StandardOutput.isTerminal else { return false }
        if let accessible = environment["ACCESSIBLE"], !["", "0"].contains(accessible) { return true }
        let type = environment["TERM"] ?? ""
        return type.isEmpty || !sotto_moves_cursor(type)
    }
}
