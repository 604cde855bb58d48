/// Why the full screen cannot be shown.
enum TerminalError: Error, CustomStringConvertible {
    case notATerminal
    case noUTF8
    case cannotOpen
    case unknownType(String)

    var description: String {
        switch self {
        case .notATerminal:
            "the chat needs a terminal on standard input and output; in a pipe use 'sotto run \"your question\"'"
        case .noUTF8: "this system has no UTF-8 locale; install one, such as C.UTF-8"
        case .cannotOpen: "the terminal cannot be opened"
        case .unknownType(let type):
            "ncurses does not know the terminal type TERM=\"\(type)\"; try TERM=xterm-256color"
        }
    }
}
