import Chat

/// Why there is no usable model for a name.
public enum ModelNameError: Error, Equatable, CustomStringConvertible {
    case unknown(String, known: [String])
    case ambiguous(String, matches: [String])
    case unusable(String, String)
    case noTemplate(String)
    /// The file of the chosen chat template cannot be read.
    case template(String)

    public var description: String {
        switch self {
        case .unknown(let name, let known):
            if let near = known.first(where: { Self.begins($0, nearly: name) }) {
                "No model called \"\(name)\". Did you mean \(near)?"
            } else if known.isEmpty {
                "No model called \"\(name)\". Pass a GGUF file, or put one in the models folder"
            } else {
                "No model called \"\(name)\". Models: \(list(known))"
            }
        case .ambiguous(let name, let matches):
            "\"\(name)\" matches \(matches.count) models: \(list(matches)). Type more of the name"
        case .unusable(let name, let problem): "\(name) cannot be used: \(problem)"
        case .template(let problem): "\(problem). /template default uses the model's own"
        case .noTemplate(let name):
            "\(name) has no chat template (base model); Sotto uses plain \"User:/Assistant:\" turns"
        }
    }

    /// Whether nothing is wrong: base models have no template.
    public var isNormal: Bool { if case .noTemplate = self { true } else { false } }

    /// Users type the beginning of a name, so that is where the mistake is.
    private static func begins(_ known: String, nearly name: String) -> Bool {
        Spelling.nearest(to: name, among: [known, String(known.prefix(name.count))]) != nil
    }

    private func list(_ names: [String]) -> String {
        names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
    }
}
