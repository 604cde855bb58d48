import Foundation
import GGUF

/// The files that a model consists of.
package enum ModelFiles {
    /// - Parameter path: of a GGUF file, of one part of a split one, or of a folder of Hugging Face's libraries.
    /// - Returns: the path itself, those of all parts, or those of the folder's files.
    package static func paths(of path: String) -> [String] {
        isFolder(path) ? CheckpointFolder(path).files : GGUFPartName.paths(of: path)
    }

    /// The file by which the weights are recognised.
    package static func weights(of path: String) -> String {
        guard isFolder(path), let first = try? CheckpointFolder(path).weightFiles().first else { return path }
        return first
    }

    package static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
