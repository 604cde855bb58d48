import Files
import Foundation
import JSON

/// A folder as Hugging Face's libraries write it: a configuration, weights and a tokenizer, each in files with fixed names.
package struct CheckpointFolder: Sendable {
    package let path: String

    /// In bytes; real ones have some thousand.
    private static let configurationLimit = 16 << 20
    /// Of the list of tensors, and of the tokenizer.
    private static let listLimit = 256 << 20

    package init(_ path: String) { self.path = path }

    /// Whether a folder looks like a model: it has a configuration and weights.
    package static func isModel(_ path: String) -> Bool {
        let folder = CheckpointFolder(path)
        guard folder.has("config.json") else { return false }
        return !folder.names { name in WeightForm.allCases.contains { $0.isWeights(name) } }.isEmpty
    }

    /// How weights are stored, the form that is preferred first.
    private enum WeightForm: CaseIterable {
        case safetensors, torch, checkpoint

        /// Whether a file's name is one of weights. (Other files in the form of PyTorch are settings of the training.)
        func isWeights(_ name: String) -> Bool {
            switch self {
            case .safetensors: name.hasSuffix(".safetensors")
            case .torch: name.hasPrefix("pytorch_model") && name.hasSuffix(".bin")
            case .checkpoint: name.hasSuffix(".pth")
            }
        }

        /// The usual name of a file with all weights.
        var single: String {
            switch self {
            case .safetensors: "model.safetensors"
            case .torch: "pytorch_model.bin"
            case .checkpoint: "consolidated.00.pth"
            }
        }

        /// The list of files with parts of the weights.
        var index: String { "\(single).index.json" }
    }

    func path(of name: String) -> String { "\(path)/\(name)" }

    func has(_ name: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path(of: name), isDirectory: &isFolder) && !isFolder.boolValue
    }

    /// The names of the folder's files that satisfy a condition, sorted.
    private func names(_ isWanted: (String) -> Bool) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter(isWanted).sorted()
    }

    /// The paths of the files that a model is made of, sorted.
    var files: [String] { files(Self.textKinds + [".safetensors", ".bin", ".pth"]) }

    /// The paths of the files with configurations and the tokenizer, sorted.
    var textFiles: [String] { files(Self.textKinds) }

    private static let textKinds = [".json", ".jinja", ".model", ".txt", ".md"]

    private func files(_ kinds: [String]) -> [String] {
        names { name in !name.hasPrefix(".") && kinds.contains { name.hasSuffix($0) } && has(name) }.map(
            path(of:))
    }

    // MARK: Texts

    /// The fields of `config.json`.
    func configuration() throws(CheckpointError) -> JSONObject {
        guard let fields = try object("config.json") else { throw .noConfiguration(folder: path) }
        return fields
    }

    /// The fields of a JSON file; nil if there is no such file.
    func object(_ name: String) throws(CheckpointError) -> JSONObject? {
        guard let bytes = try bytes(name, limit: Self.configurationLimit) else { return nil }
        return try object(bytes, name)
    }

    private func object(_ bytes: [UInt8], _ name: String) throws(CheckpointError) -> JSONObject {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONReader.read(bytes, infinities: true)
        } catch {
            throw .syntax(path: path(of: name), reason: "\(error)")
        }
        guard let fields = value.object else {
            throw .value(path: path(of: name), field: "the file", expected: "a JSON object")
        }
        return fields
    }

    /// The text of a file; nil if there is no such file or it is not UTF-8.
    func text(_ name: String) throws(CheckpointError) -> String? {
        try bytes(name, limit: Self.configurationLimit).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// The bytes of a list such as `tokenizer.json`; nil if there is no such file.
    func list(_ name: String) throws(CheckpointError) -> [UInt8]? { try bytes(name, limit: Self.listLimit) }

    private func bytes(_ name: String, limit: Int) throws(CheckpointError) -> [UInt8]? {
        guard has(name) else { return nil }
        return try FileIO<CheckpointError>.read(path(of: name), limit: limit)
    }

    // MARK: Weights

    /// The paths of the files with the weights: those that the index names, or else the one with the usual name, or else
    /// all.
    func weightFiles() throws(CheckpointError) -> [String] {
        for form in WeightForm.allCases {
            if let bytes = try list(form.index) { return try files(of: try object(bytes, form.index), form.index) }
            if has(form.single) { return [path(of: form.single)] }
            let names = names { form.isWeights($0) && has($0) }
            if !names.isEmpty { return names.map(path(of:)) }
        }
        throw .noWeights(folder: path)
    }

    /// The files that an index names.
    private func files(of index: JSONObject, _ name: String) throws(CheckpointError) -> [String] {
        let place = path(of: name)
        guard let map = index["weight_map"]?.object else {
            throw .value(path: place, field: "weight_map", expected: "an object")
        }
        var names: Set<String> = []
        for field in map {
            guard let name = field.value.string else {
                throw .value(path: place, field: "weight_map.\(field.name)", expected: "a file's name")
            }
            names.insert(name)
        }
        for name in names.sorted() {
            guard Self.isFileName(name) else { throw .outsideFolder(name, index: place) }
            guard has(name) else { throw .missingPart(name, index: place) }
        }
        guard !names.isEmpty else { throw .noWeights(folder: path) }
        return names.sorted().map(path(of:))
    }

    /// Whether a name is that of a file in the folder itself, whatever the system.
    static func isFileName(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && !name.contains { $0 == "/" || $0 == "\\" || $0 == "\0" }
    }
}
