/// Themes that were read together, whatever order they inherit each other in.
public struct ThemeLibrary: Sendable {
    /// In the order of the files; of two with one name the later stands for both.
    public private(set) var themes: [Theme] = []

    /// A theme file: what it is called in problems, and its text. The theme's name is the file's where the text gives
    /// none.
    public struct File: Sendable {
        var label: String
        var name: String
        var content: Content

        public enum Content: Sendable {
            case text(String)
            /// Why it cannot be read, in one line.
            case unreadable(String)
        }

        public init(label: String, name: String, _ content: Content) {
            self.label = label
            self.name = name
            self.content = content
        }

        public init(label: String, name: String, text: String) { self.init(label: label, name: name, .text(text)) }
    }

    /// - Parameter files: the shipped ones first. A theme may inherit any other, and the one that it replaces.
    public init(_ files: [File]) {
        var loader = Loader(files: files.map(ThemeFile.init))
        for index in files.indices {
            let theme = loader.load(index)
            if let place = themes.firstIndex(where: { $0.name == theme.name }) {
                themes[place] = theme
            } else {
                themes.append(theme)
            }
        }
    }
}

/// Reads each file once, its parents first.
private struct Loader {
    let files: [ThemeFile]
    private var read: [Int: Theme] = [:]
    /// Files whose parents are being read.
    private var waiting: Set<Int> = []

    init(files: [ThemeFile]) { self.files = files }

    mutating func load(_ index: Int) -> Theme {
        if let known = read[index] { return known }
        waiting.insert(index)
        var loader = self
        let theme = files[index].read { name throws(ThemeWarning.Inheritance) in
            guard let parent = loader.parent(name, of: index) else {
                throw .unknown(known: loader.files.map(\.name).uniqued())
            }
            if loader.waiting.contains(parent) { throw .circle }
            return loader.load(parent)
        }.theme
        read = loader.read
        read[index] = theme
        waiting.remove(index)
        return theme
    }

    /// The last file of that name; for one that inherits its own name, the one before it.
    private func parent(_ name: String, of index: Int) -> Int? {
        let candidates = files[index].name == name ? 0..<index : 0..<files.count
        return candidates.last { files[$0].name == name }
    }
}

extension Array where Element: Hashable {
    /// Without repetitions, in the same order.
    package func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
