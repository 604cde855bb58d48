import Chat

/// Why a name stands for no model that can be used.
public enum ModelNameError: Error, Equatable, CustomStringConvertible {
    case unknown(String, known: [String])
    case ambiguous(String, matches: [String])
    case unusable(String, String)

    public var description: String {
        switch self {
        case .unknown(let name, let known):
            if let near = known.first(where: { Self.begins($0, nearly: name) }) {
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

    /// People type the beginning of a name, so that is where the mistake is.
    private static func begins(_ known: String, nearly name: String) -> Bool {
        Spelling.nearest(to: name, among: [known, String(known.prefix(name.count))]) != nil
    }

    private func list(_ names: [String]) -> String {
        names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
    }
}
