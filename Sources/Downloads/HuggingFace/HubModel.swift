import GGUF

/// A model in a repository: a GGUF file, or all parts of one that is split.
struct HubModel: Sendable, Equatable {
    /// In the order of the parts.
    var files: [HubFile]
    /// The path without the number of a part and without ".gguf".
    var stem: String
    /// The format that its name says, in upper case, such as "Q4_K_M" or "UD-Q4_K_XL".
    var format: String?

    var bytes: Int { files.reduce(0) { $0 + $1.bytes } }
    /// Of the first file, without ".gguf".
    var name: String { String((files.first?.name ?? stem).dropLast(".gguf".count)) }
    /// The name under which the model is listed once it is here: without the number of a part.
    var listedName: String { stem.split(separator: "/").last.map(String.init) ?? name }
    /// As messages name it: the format if its name says it.
    var label: String { format ?? name }

    /// Whether a user's text names this model: its format, its file, or the file without ending.
    func isNamed(_ text: String) -> Bool {
        let text = text.lowercased()
        let paths = files.prefix(1).flatMap { [$0.path, $0.name] } + [stem, name]
        return ([format].compactMap(\.self) + paths).contains { $0.lowercased() == text }
    }

    /// The models among a repository's files, in the order of their paths. Parts of a model without the others, and
    /// files that only go with models (projectors, importance matrices), are left out.
    static func models(in files: [HubFile]) -> [HubModel] {
        let candidates = files.filter { FileName.isGGUF($0.name) && !isCompanion($0.name) }
            .sorted { $0.path < $1.path }
        var models: [HubModel] = []
        var parts: [String: [Int: HubFile]] = [:]
        for file in candidates {
            guard let part = Part(file.path) else {
                let stem = String(file.path.dropLast(".gguf".count))
                models.append(HubModel(files: [file], stem: stem, format: FormatLabel.format(in: stem)))
                continue
            }
            let key = "\(part.stem)/\(part.count)"
            parts[key, default: [:]][part.number] = file
            let found = (1...part.count).compactMap { parts[key]?[$0] }
            guard found.count == part.count else { continue }
            models.append(HubModel(files: found, stem: part.stem, format: FormatLabel.format(in: part.stem)))
        }
        return models
    }

    private static func isCompanion(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.contains("mmproj") || name.contains("imatrix")
    }

    /// The number in the name of a part, such as "…-00001-of-00003.gguf".
    private struct Part {
        let stem: String
        let number: Int
        let count: Int

        private static let limit = 1000

        init?(_ path: String) {
            guard let match = path.wholeMatch(of: /(.+)-(\d{5})-of-(\d{5})\.[gG][gG][uU][fF]/),
                let number = Int(match.2), let count = Int(match.3), (1...Self.limit).contains(count),
                (1...count).contains(number)
            else { return nil }
            (stem, self.number, self.count) = (String(match.1), number, count)
        }
    }
}
