/// What became of a text that was to be copied.
public struct CopyReport: Sendable, Equatable {
    /// Where a text can go.
    public enum Target: Sendable, Equatable {
        /// A program of the system put it on the clipboard.
        case program(String)
        /// The buffer of tmux, which also offers it to its own terminal.
        case tmux
        /// The terminal was asked to put it on the clipboard. It does not answer.
        case terminal
        /// In plain mode: standard output.
        case output
    }

    /// Names the text: "the reply".
    public var name: String
    public var characters: Int
    public var targets: [Target]
    /// Why it could not be copied to one of them.
    public var problem: String?

    public init(name: String, characters: Int, targets: [Target], problem: String? = nil) {
        self.name = name
        self.characters = characters
        self.targets = targets
        self.problem = problem
    }

    /// The notice; nil if the user sees the text.
    var notice: Notice? {
        let text = "\(name) (\(Format.count(characters, "character")))"
        if let problem { return Notice(.warning, "Copied \(text) \(places), but \(problem)") }
        return targets == [.output] ? nil : Notice(.info, "Copied \(text) \(places)")
    }

    /// The terminal is named only if nothing else is known, because it may have ignored the request.
    private var places: String {
        let known = targets.compactMap { target in
            switch target {
            case .program(let name): "to the clipboard with \(name)"
            case .tmux: "to tmux's buffer: paste it with tmux's prefix and ]"
            case .terminal, .output: nil
            }
        }
        return known.isEmpty
            ? "to the terminal's clipboard, if the terminal allows it" : known.joined(separator: " and ")
    }
}
