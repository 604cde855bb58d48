import Foundation

/// A path as users type it: relative to the working folder, or with a tilde for the home folder.
struct UserPath {
    let absolute: String

    init(_ text: String) {
        let expanded = text == "~" || text.hasPrefix("~/") ? NSHomeDirectory() + text.dropFirst() : text
        let full = expanded.hasPrefix("/") ? expanded : "\(FileManager.default.currentDirectoryPath)/\(expanded)"
        absolute = URL(filePath: full).standardizedFileURL.path
    }

    /// Relative to the working folder if it is in there, otherwise only the last component, so that no other folders of
    /// this computer are revealed.
    var name: String {
        let folder = FileManager.default.currentDirectoryPath + "/"
        return absolute.hasPrefix(folder)
            ? String(absolute.dropFirst(folder.count)) : URL(filePath: absolute).lastPathComponent
    }
}
