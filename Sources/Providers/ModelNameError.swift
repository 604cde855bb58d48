import Chat

/// Why a name stands for no model that can be used.
public enum ModelNameError: Error, Equatable, CustomStringConvertible {
    case unknown(String, known: [String])
    case ambiguous(String, matches: [String])
    case unusable(String, String)

    public var description: String {
        switch self {
        case .unknown(let name, let known):
            if let near = Spelling.nearest(to: name, among: known) {
                "there is no model \"\(name)\"; did you mean \(near)?"
            } else if known.isEmpty {
                "there is no model \"\(name)\"; name a GGUF file, or put one into the models folder"
            } else {
                "there is no model \"\(name)\"; there are: \(list(known))"
            }
        case .ambiguous(let name, let matches): "\"\(name)\" could be \(list(matches)); give more of the name"
        case .unusable(let name, let problem): "\(name) cannot be used: \(problem)"
        }
    }

    private func list(_ names: [String]) -> String {
        names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
    }
}
