import Foundation

/// A path as a person writes it: from the working folder, or with a tilde for their home.
struct PersonsPath {
    let absolute: String

    init(_ text: String) {
        let expanded = text == "~" || text.hasPrefix("~/") ? NSHomeDirectory() + text.dropFirst() : text
        let full = expanded.hasPrefix("/") ? expanded : "\(FileManager.default.currentDirectoryPath)/\(expanded)"
        absolute = URL(filePath: full).standardizedFileURL.path
    }

    /// From the working folder where it lies in there, else its last part: what lies where on this computer is
    /// nobody's business.
    var name: String {
        let folder = FileManager.default.currentDirectoryPath + "/"
        return absolute.hasPrefix(folder)
            ? String(absolute.dropFirst(folder.count)) : URL(filePath: absolute).lastPathComponent
    }
}
