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
    let tensors: [Tensor]

    struct Tensor: Encodable {
        let name: String
        let type: String
        /// As in PyTorch: the contiguous dimension last.
        let shape: [Int]
        let bytes: Int
    }

    init(path: String) throws {
        let source = try CheckpointSource(path: path)
        self.path = path
        (architecture, format, bytes) = (source.architecture, source.formatName, source.byteCount)
        files = ModelFiles.paths(of: path).map { URL(filePath: $0).lastPathComponent }
        tensors = source.tensors.map {
            Tensor(name: $0.name, type: $0.type.name, shape: $0.dimensions.reversed(), bytes: $0.byteCount)
        }
    }

    /// For people.
    var text: String {
        var rows = [["", "format", "tensors", "size"]]
        let formats = Dictionary(grouping: tensors, by: \.type).map { type, tensors in
            (type: type, count: tensors.count, bytes: tensors.reduce(0) { $0 + $1.bytes })
        }
        for format in formats.sorted(by: { ($1.bytes, $0.type) < ($0.bytes, $1.type) }) {
            rows.append(["", format.type, "\(format.count)", ByteText.size(format.bytes)])
        }
        var lines = ["Hugging Face folder, \(architecture ?? "unknown"), \(bytes) bytes of weights", ""]
        lines += ["Format \(format)", TextTable.text(rows), "\(files.count) files"]
        lines += files.map { "  \($0)" }
        lines += ["", "\(tensors.count) tensors"]
        lines += tensors.map { tensor in
            let shape = tensor.shape.map(String.init).joined(separator: " × ")
            return "  \(tensor.name)  \(tensor.type)  [\(shape)]  \(tensor.bytes) bytes"
        }
        return lines.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
            .map { String($0).withoutControls }.joined(separator: "\n") + "\n"
    }
}
