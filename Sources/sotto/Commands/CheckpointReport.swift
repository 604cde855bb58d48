import Chat
import Files
import Foundation
import Inference

/// What `sotto inspect` says about a folder of Hugging Face's libraries.
struct CheckpointReport: Encodable {
    let path: String
    let architecture: String?
    let format: String
    let bytes: Int
    let files: [String]
    let tensors: [ReportedTensor]

    init(path: String) throws {
        let source = try CheckpointSource(path: path)
        self.path = path
        (architecture, format, bytes) = (source.architecture, source.formatName, source.byteCount)
        files = ModelFiles.paths(of: path).map { URL(filePath: $0).lastPathComponent }
        tensors = source.tensors.map {
            ReportedTensor(name: $0.name, type: $0.type.name, shape: $0.dimensions.reversed(), bytes: $0.byteCount)
        }
    }

    /// For people.
    var text: String {
        var lines = ["Hugging Face folder, \(architecture ?? "unknown"), \(bytes) bytes of weights", ""]
        lines += ["Format \(format)", TensorListing.formats(tensors), "\(files.count) files"]
        lines += files.map { "  \($0)" }
        return TensorListing.text(lines + TensorListing.lines(tensors))
    }
}
