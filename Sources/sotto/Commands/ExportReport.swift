import Chat
import Files
import Foundation
import Inference
import ONNX

/// What `sotto inspect` says about an ONNX export.
struct ExportReport: Encodable {
    let path: String
    let architecture: String?
    let format: String
    let bytes: Int
    let files: [String]
    /// The version of each set of operators, by domain.
    let operators: [String: Int]
    let inputs: [Value]
    let outputs: [Value]
    let tensors: [ReportedTensor]

    struct Value: Encodable {
        let name: String
        let type: String
        /// Sizes that are only known when the model runs are names.
        let shape: [String]

        init(_ value: ONNXValue) {
            name = value.name
            type = value.type?.name ?? "unknown"
            shape = (value.shape ?? []).map { dimension in
                switch dimension {
                case .fixed(let size): "\(size)"
                case .symbol(let name): name.isEmpty ? "?" : name
                }
            }
        }

        var line: String { "  \(name)  \(type)  [\(shape.joined(separator: " × "))]" }
    }

    init(path: String) throws {
        let export = try ONNXExport(path: path)
        self.path = path
        (architecture, format, bytes) = (export.architecture, export.formatName, export.byteCount)
        files = ModelFiles.paths(of: path).map { URL(filePath: $0).lastPathComponent }
        operators = export.file.operatorSets
        let graph = export.file.graph
        (inputs, outputs) = (graph.inputs.map(Value.init), graph.outputs.map(Value.init))
        tensors = graph.tensors.map {
            ReportedTensor(name: $0.name, type: $0.type.name, shape: $0.dimensions, bytes: $0.byteCount)
        }
    }

    /// For people.
    var text: String {
        let sets = operators.sorted { $0.key < $1.key }.map { "\($0.key.isEmpty ? "ai.onnx" : $0.key) \($0.value)" }
        var lines = ["ONNX export, \(architecture ?? "unknown"), \(bytes) bytes", ""]
        lines += ["Format \(format)", TensorListing.formats(tensors), "Operators \(sets.joined(separator: ", "))", ""]
        lines += ["\(files.count) files"] + files.map { "  \($0)" }
        lines += ["", "\(inputs.count) inputs"] + inputs.map(\.line)
        lines += ["", "\(outputs.count) outputs"] + outputs.map(\.line)
        return TensorListing.text(lines + TensorListing.lines(tensors))
    }
}
