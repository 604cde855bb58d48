/// A set of themes read together, which may inherit from each other in any order.
public struct ThemeLibrary: Sendable {
    /// In the order of the files. If two have the same name, the later one takes the place of the first.
    public private(set) var themes: [Theme] = []

    /// A theme file: its label in problem messages, and its text. The file's name is the theme's unless the text gives
    /// one.
    public struct File: Sendable {
        var label: String
        var name: String
        var content: Content

        public enum Content: Sendable {
            case text(String)
            /// With the reason, in one line.
            case unreadable(String)
        }

        public init(label: String, name: String, _ content: Content) {
            self.label = label
            self.name = name
            self.content = content
        }

        public init(label: String, name: String, text: String) { self.init(label: label, name: name, .text(text)) }
    }

    /// - Parameter files: the built-in ones first. A theme may inherit from any other, and from the one it replaces.
    public init(_ files: [File]) {
        var loader = Loader(files: files.map(ThemeFile.init))
        for index in files.indices {
            let theme = loader.load(index)
            if let index = themes.firstIndex(where: { $0.name == theme.name }) {
                themes[index] = theme
            } else {
                themes.append(theme)
            }
        }
    }
}

/// Reads each file once, parents first.
private struct Loader {
    let files: [ThemeFile]
    private var themes: [Int: Theme] = [:]
    /// Files whose parents are being read.
    private var inProgress: Set<Int> = []

    init(files: [ThemeFile]) { self.files = files }

    mutating func load(_ index: Int) -> Theme {
        if let theme = themes[index] { return theme }
        inProgress.insert(index)
        var loader = self
        let theme = files[index].read { name throws(ThemeWarning.InheritanceError) in
            guard let parent = loader.parent(name, of: index) else {
                throw .unknown(known: loader.files.map(\.name).uniqued())
            }
            if loader.inProgress.contains(parent) { throw .cycle }
            return loader.load(parent)
        }.theme
        themes = loader.themes
        themes[index] = theme
        inProgress.remove(index)
        return theme
    }

    /// The last file of that name; for a file that inherits its own name, the last one before it.
    private func parent(_ name: String, of index: Int) -> Int? {
        let candidates = files[index].name == name ? 0..<index : 0..<files.count
        return candidates.last { files[$0].name == name }
    }
}

extension Array where Element: Hashable {
    /// Without duplicates, in the same order.
    package func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
