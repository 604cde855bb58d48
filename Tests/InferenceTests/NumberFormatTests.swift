import Foundation
import GGUF
import Inference
import Testing

/// Tensors stored as F64 or as integers, which are rare in files.
@Suite struct NumberFormatTests {
    /// A model whose norms are F64 and whose matrices are integers equals the same model in F32.
    @Test(arguments: ["I8", "I16", "I32", "I64"])
    func logitsAreThoseOfTheSameNumbersInF32(integers: String) async throws {
        let file = try GGUFFile(path: Golden.path("tiny/llama.gguf"))
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).gguf").path
        let floats = path + ".f32"
        defer { for path in [path, floats] { try? FileManager.default.removeItem(atPath: path) } }
        try write(file, to: path, matrices: integers, vectors: "F64")
        try write(file, to: floats, matrices: "F32", vectors: "F32")
        // That it has no tokenizer.
        #expect(try ModelCheck(GGUFSource.open(path)).problem == ModelCheck(GGUFSource.open(floats)).problem)
        #expect(try await logits(path) == (try await logits(floats)))
    }

    private func logits(_ path: String) async throws -> [Float] {
        let engine = try Engine(model: try Model.load(path: path), options: EngineOptions(threads: 1))
        return Array(try await engine.logits(tokens: FamilyTests.prompt, all: true).joined())
    }

    /// The model with matrices rounded to whole numbers.
    private func write(_ file: GGUFFile, to path: String, matrices: String, vectors: String) throws {
        var writer = GGUFWriter()
        for entry in file.metadata.entries { writer.add(entry.key, entry.value) }
        let types = file.tensors.map { tensor in
            let name = tensor.dimensions.count > 1 ? matrices : vectors
            return TensorType.all.first { $0.name == name } ?? tensor.type
        }
        for (tensor, type) in zip(file.tensors, types) {
            writer.addTensor(tensor.name, dimensions: tensor.dimensions, type: type)
        }
        try writer.write(to: path) { index in
            let tensor = file.tensors[index]
            let weights = Array(file.bytes(of: tensor)).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
            let isMatrix = tensor.dimensions.count > 1
            return weights.flatMap { bytes(isMatrix ? ($0 * 8).rounded() : $0, types[index]) }
        }
    }

    private func bytes(_ value: Float, _ type: TensorType) -> [UInt8] {
        switch type.name {
        case "F32": withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init)
        case "F64": withUnsafeBytes(of: Double(value).bitPattern.littleEndian, Array.init)
        default: withUnsafeBytes(of: Int64(value).littleEndian) { Array($0.prefix(type.blockBytes)) }
        }
    }
}
