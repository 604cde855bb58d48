import ArgumentParser
import Chat
import Foundation
import GGUF
import Inference

/// `sotto inspect MODEL`: prints the contents of a model file.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show a model file's formats, metadata and tensors.")

    @Argument(help: "A GGUF file, a Hugging Face folder, an ONNX export, or a model name from 'sotto models'.")
    var model: ModelArgument

    @Flag(help: "Print JSON, with complete arrays.")
    var json = false

    func run() throws {
        let path = try model.path()
        switch ModelForm(path) {
        case .checkpoint:
            let report = try CheckpointReport(path: path)
            return json ? try StandardOutput.writeJSON(report) : try StandardOutput.writeReport(report.text)
        case .export:
            let report = try ExportReport(path: path)
            return json ? try StandardOutput.writeJSON(report) : try StandardOutput.writeReport(report.text)
        case .gguf: break
        }
        let file = try GGUFFile(path: path)
        if json {
            try StandardOutput.writeJSON(FileReport(file))
        } else {
            try StandardOutput.writeReport(Self.text(file))
        }
    }

    private static func text(_ file: GGUFFile) -> String {
        var lines = ["GGUF version \(file.version), \(file.byteCount) bytes, alignment \(file.alignment)", ""]
        if !file.tensors.isEmpty { lines += [mixText(file)] }
        lines.append("\(file.metadata.entries.count) metadata values")
        lines += file.metadata.entries.map { "  \($0.key) = \(describe($0.value))" }
        lines += ["", "\(file.tensors.count) tensors"]
        lines += file.tensors.map { tensor in
            let shape = tensor.dimensions.map(String.init).joined(separator: " × ")
            return "  \(tensor.name)  \(tensor.type.name)  [\(shape)]  \(tensor.byteCount) bytes at \(tensor.offset)"
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The name of the format, and a line for each format and each group of tensors in the file.
    private static func mixText(_ file: GGUFFile) -> String {
        let mix = WeightMix(file)
        func rows(_ title: String, _ shares: [WeightMix.Share]) -> [[String]] {
            [["", title, "tensors", "size", "bytes per weight"]]
                + shares.map { share in
                    let formats = share.formats == [share.name] ? "" : share.formats.joined(separator: ", ")
                    let perWeight = String(format: "%.3f", share.bytesPerWeight)
                    return ["", share.name, "\(share.tensors)", ByteText.size(share.bytes), perWeight, formats]
                }
        }
        let table = TextTable.text(rows("format", mix.formats) + [[""]] + rows("part", mix.groups))
        return "Format \(GGUFSource(file).formatName)\n\(table)"
    }

    /// A value on one line: long strings and arrays are cut.
    private static func describe(_ value: GGUFValue) -> String {
        switch value {
        case .string(let text):
            let line = text.prefix(120).replacing("\n", with: "⏎")
            return "\"\(line)\"" + (text.count > 120 ? " … \(text.utf8.count) bytes" : "")
        case .array(let array):
            let shown = array.prefix(6).map(describe).joined(separator: ", ")
            return "[\(shown)\(array.count > 6 ? ", …" : "")] \(array.count) × \(array.elementType)"
        case .bool(let flag): return "\(flag)"
        case .float32(let number): return "\(number)"
        case .float64(let number): return "\(number)"
        case .uint64(let number): return "\(number)"
        default: return value.int.map(String.init) ?? ""
        }
    }
}

/// The output of `--json`.
private struct FileReport: Encodable {
    let version: UInt32
    let alignment: Int
    let bytes: Int
    let format: String
    /// By format, the one with the most bytes first.
    let formats: [ShareReport]
    /// By what the tensors do.
    let groups: [ShareReport]
    let metadata: MetadataReport
    let tensors: [TensorReport]

    init(_ file: GGUFFile) {
        version = file.version
        alignment = file.alignment
        bytes = file.byteCount
        format = GGUFSource(file).formatName
        let mix = WeightMix(file)
        formats = mix.formats.map(ShareReport.init)
        groups = mix.groups.map(ShareReport.init)
        metadata = MetadataReport(entries: file.metadata.entries)
        tensors = file.tensors.map {
            TensorReport(
                name: $0.name, type: $0.type.name, dimensions: $0.dimensions, offset: $0.offset, bytes: $0.byteCount)
        }
    }
}

private struct ShareReport: Encodable {
    let name: String
    let tensors: Int
    let weights: Int
    let bytes: Int
    let bytesPerWeight: Double
    let formats: [String]

    init(_ share: WeightMix.Share) {
        (name, tensors, weights, bytes) = (share.name, share.tensors, share.weights, share.bytes)
        (bytesPerWeight, formats) = (share.bytesPerWeight, share.formats)
    }
}

private struct TensorReport: Encodable {
    let name: String
    let type: String
    /// In ggml's order: the contiguous dimension first.
    let dimensions: [Int]
    let offset: Int
    let bytes: Int
}

private struct MetadataReport: Encodable {
    let entries: [GGUFMetadata.Entry]

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: AnyKey.self)
        for entry in entries { try container.encode(ValueReport(value: entry.value), forKey: AnyKey(entry.key)) }
    }
}

private struct ValueReport: Encodable {
    let value: GGUFValue

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch value {
        case .string(let text): try container.encode(text)
        case .bool(let flag): try container.encode(flag)
        case .array(let array): try container.encode(array.prefix(array.count).map(ValueReport.init))
        case .uint64(let number): try container.encode(number)
        // JSON has no infinities or NaN; they are written as strings.
        case .float32(let number) where number.isFinite: try container.encode(number)
        case .float64(let number) where number.isFinite: try container.encode(number)
        case .float32, .float64: try container.encode("\(value.float ?? .nan)")
        default: try container.encode(value.int)
        }
    }
}
