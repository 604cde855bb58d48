import Foundation
import GGUF

/// The format of a model on disk.
package enum ModelForm: Sendable {
    /// A GGUF file, or one part of a split one.
    case gguf
    /// A folder of Hugging Face's libraries.
    case checkpoint
    /// A folder with an ONNX export, or the file of its graph.
    case export

    /// What a path looks like, without opening a file.
    package init(_ path: String) {
        self = ONNXFolder.isExport(path) ? .export : ModelFiles.isFolder(path) ? .checkpoint : .gguf
    }
}

/// The files that a model consists of.
package enum ModelFiles {
    /// - Parameter path: of a model of any format.
    /// - Returns: the path itself, those of all parts, or those of the folder's files.
    package static func paths(of path: String) -> [String] {
        switch ModelForm(path) {
        case .gguf: GGUFPartName.paths(of: path)
        case .checkpoint: CheckpointFolder(path).files
        case .export: ONNXExport.files(of: path)
        }
    }

    /// Those of the paths that belong to no other model.
    package static func ownPaths(of path: String) -> [String] {
        ONNXFolder.isGraph(path) ? ONNXExport.graphFiles(of: path) : paths(of: path)
    }

    /// The file by which the weights are recognised.
    package static func weights(of path: String) -> String {
        switch ModelForm(path) {
        case .gguf: path
        case .checkpoint: (try? CheckpointFolder(path).weightFiles().first) ?? path
        case .export: ONNXExport.weights(of: path)
        }
    }

    /// Whether a folder is a model.
    package static func isModelFolder(_ path: String) -> Bool {
        isFolder(path) && (CheckpointFolder.isModel(path) || ONNXFolder.isExport(path))
    }

    package static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
