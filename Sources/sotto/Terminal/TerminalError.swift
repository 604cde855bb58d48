/// Why the full screen cannot be opened.
enum TerminalError: Error, CustomStringConvertible {
    case notATerminal
    case noUTF8
    case cannotOpen
    case unknownType(String)

    var description: String {
        switch self {
        case .notATerminal:
            "The chat needs a terminal on standard input and output. In a pipe, use: sotto run \"your question\""
        case .noUTF8: "This system has no UTF-8 locale. Install one, such as C.UTF-8"
        case .cannotOpen: "Cannot open the terminal"
        case .unknownType(let type):
            "Unknown terminal type TERM=\"\(type)\". Try TERM=xterm-256color"
        }
    }
}
