import Foundation

/// Names in folders, and parts of paths.
package enum FileNames {
    /// The names in a folder; empty if it cannot be read.
    package static func all(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    /// The folder and the name in a path. The folder of a name alone is ".".
    package static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        return (slash == path.startIndex ? "/" : String(path[..<slash]), String(path[path.index(after: slash)...]))
    }
}
