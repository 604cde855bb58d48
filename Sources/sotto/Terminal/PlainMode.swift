import CNcurses
import Foundation

/// Whether the chat is to do without a screen.
enum PlainMode {
    /// Also where the person has asked for it in `ACCESSIBLE`, or where there is a terminal that cannot move its cursor.
    static func isWanted(asked: Bool, environment: [String: String] = ProcessInfo.processInfo.environment) -> Bool {
        if asked { return true }
        if let accessible = environment["ACCESSIBLE"], !["", "0"].contains(accessible) { return true }
        guard StandardInput.isTerminal, StandardOutput.isTerminal else { return false }
        let type = environment["TERM"] ?? ""
        return type.isEmpty || !sotto_moves_cursor(type)
    }
}
