import Foundation
import GGUF

/// The default model with some of its metadata changed.
struct ModelVariant {
    private var removed: Set<String> = []
    private var values: [String: GGUFValue] = [:]
    private var strings: [String: [String]] = [:]
    private var int32s: [String: [Int32]] = [:]
    private let file: GGUFFile

    init() throws {
        let models = Fixture.models?.path ?? ""
        file = try GGUFFile(path: "\(models)/\(Fixture.defaultModel).gguf")
    }

    static let template = "tokenizer.chat_template"

    mutating func set(_ key: String, _ value: GGUFValue) { values[key] = value }

    mutating func remove(_ key: String) { removed.insert(key) }

    /// Gives a token another text and kind (1 normal, 3 control, 4 user-defined).
    mutating func setToken(_ id: Int, _ text: String, kind: Int32) {
        let (tokens, kinds) = ("tokenizer.ggml.tokens", "tokenizer.ggml.token_type")
        if strings[tokens] == nil {
            var all: [String] = []
            file.metadata[tokens]?.array?.forEachString { all.append(String(decoding: $0, as: UTF8.self)) }
            strings[tokens] = all
            int32s[kinds] = file.metadata[kinds]?.array?.ints()?.map { Int32(clamping: $0) }
        }
        strings[tokens]?[id] = text
        int32s[kinds]?[id] = kind
    }

    func write(to path: String) throws {
        var writer = GGUFWriter()
        for entry in file.metadata.entries where !removed.contains(entry.key) {
            if let list = strings[entry.key] {
                writer.add(entry.key, strings: list)
            } else if let list = int32s[entry.key] {
                writer.add(entry.key, int32s: list)
            } else {
                writer.add(entry.key, values[entry.key] ?? entry.value)
            }
        }
        for (key, value) in values where file.metadata[key] == nil { writer.add(key, value) }
        for tensor in file.tensors { writer.addTensor(tensor.name, dimensions: tensor.dimensions, type: tensor.type) }
        try writer.write(to: path) { Array(file.bytes(of: file.tensors[$0])) }
    }
}

extension Fixture {
    /// Writes a variant of the default model to the models folder.
    func model(_ name: String, _ change: (inout ModelVariant) -> Void) throws {
        var variant = try ModelVariant()
        change(&variant)
        try variant.write(to: home.appending(path: "models/\(name).gguf").path)
    }
}
