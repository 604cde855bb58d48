import Foundation
import GGUF
import Inference
import Testing

/// A model with an adapter equals the model whose matrices were changed by it.
@Suite struct LoRAAdapterTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "lora-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    /// Separate matrices, and fused ones: attn_qkv and ffn_up of Phi 3.
    @Test(arguments: ["llama", "qwen2", "phi3-long"], [1, 48])
    func logitsAreThoseOfTheMergedModel(name: String, prefillBatch: Int) async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try GGUFFile(path: Golden.path("tiny/\(name).gguf"))
        let change = Change(file, rank: 3, alpha: 6)
        let (adapter, merged) = (
            try change.writeAdapter(to: path("adapter.gguf")), try change.merge(to: path("m.gguf"))
        )
        let changed = try await logits(try Model.load(path: file.path, adapters: [adapter]), prefillBatch)
        let expected = try await logits(try Model.load(path: merged), prefillBatch)
        let original = try await logits(try Model.load(path: file.path), prefillBatch)
        #expect(nmse(changed, expected) < 1e-9)
        #expect(nmse(original, expected) > 1e-3)
    }

    @Test func twoAdaptersAddUp() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try GGUFFile(path: Golden.path("tiny/llama.gguf"))
        let change = Change(file, rank: 2, alpha: 2)
        let (one, double) = (
            try change.writeAdapter(to: path("one.gguf")),
            try Change(file, rank: 2, alpha: 4).writeAdapter(to: path("double.gguf"))
        )
        let twice = try await logits(try Model.load(path: file.path, adapters: [one, one]), 48)
        let expected = try await logits(try Model.load(path: file.path, adapters: [double]), 48)
        #expect(nmse(twice, expected) < 1e-9)
    }

    /// A file that is no adapter, one for another architecture, one whose shapes are wrong, and a change of a norm.
    @Test func whatDoesNotFitIsRefused() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let llama = try GGUFFile(path: Golden.path("tiny/llama.gguf"))
        let other = try GGUFFile(path: Golden.path("tiny/qwen3.gguf"))
        let ofOther = try Change(other, rank: 2, alpha: 1).writeAdapter(to: path("other.gguf"))
        let disguised = try Change(other, rank: 2, alpha: 1, architecture: "llama").writeAdapter(to: path("d.gguf"))
        let ofNorm = try Change(llama, rank: 1, alpha: 1, names: ["blk.0.attn_norm.weight"])
            .writeAdapter(to: path("norm.gguf"))
        for (adapter, reason) in [
            (llama.path, "It is not a LoRA adapter"), (ofOther, "not for models of the architecture llama"),
            (disguised, "no matrix of this model"), (ofNorm, "no matrix of this model"),
            (path("missing.gguf"), "cannot be opened"),
        ] {
            let error = #expect(throws: ModelError.self) { try Model.load(path: llama.path, adapters: [adapter]) }
            let text = "\(try #require(error))"
            #expect(text.contains(reason) && text.contains(adapter) && !text.contains("\n"), "\(text)")
        }
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    private func logits(_ model: Model, _ prefillBatch: Int) async throws -> [Float] {
        let engine = try Engine(
            model: model, options: EngineOptions(threads: 2, cacheType: .f32, prefillBatch: prefillBatch))
        return Array(try await engine.logits(tokens: FamilyTests.prompt, all: true).joined())
    }
}

/// A random change of matrices in an F32 file.
private struct Change {
    let file: GGUFFile
    let rank: Int
    let alpha: Float
    var architecture: String?
    /// nil for all matrices but the embedding.
    var names: [String]?

    init(_ file: GGUFFile, rank: Int, alpha: Float, architecture: String? = nil, names: [String]? = nil) {
        self.file = file
        self.rank = rank
        self.alpha = alpha
        self.architecture = architecture
        self.names = names
    }

    private var changed: [TensorInfo] {
        file.tensors.filter { tensor in
            names?.contains(tensor.name) ?? (tensor.dimensions.count == 2 && tensor.name != "token_embd.weight")
        }
    }

    /// [rank × cols] and [rows × rank]; the same whenever it is asked for.
    private func factors(_ tensor: TensorInfo) -> (a: [Float], b: [Float]) {
        var state = UInt64(tensor.offset) | 1
        func number() -> Float {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (Float(state >> 40) / Float(1 << 24) - 0.5) / 4
        }
        let rows = tensor.dimensions.count > 1 ? tensor.dimensions[1] : 1
        return ((0..<rank * tensor.dimensions[0]).map { _ in number() }, (0..<rows * rank).map { _ in number() })
    }

    func writeAdapter(to path: String) throws -> String {
        var writer = GGUFWriter()
        let own = try file.metadata.requireString("general.architecture")
        writer.add("general.architecture", .string(architecture ?? own))
        writer.add("general.type", .string("adapter"))
        writer.add("adapter.type", .string("lora"))
        writer.add("adapter.lora.alpha", .float32(alpha))
        var data: [[Float]] = []
        for tensor in changed {
            let (a, b) = factors(tensor)
            writer.addTensor(
                tensor.name + ".lora_a", dimensions: [tensor.dimensions[0], rank], type: TensorType.all[0])
            writer.addTensor(tensor.name + ".lora_b", dimensions: [rank, b.count / rank], type: TensorType.all[0])
            data += [a, b]
        }
        try writer.write(to: path) { Self.bytes(data[$0]) }
        return path
    }

    /// The same model with W + alpha / rank · B·A instead of W.
    func merge(to path: String) throws -> String {
        var writer = GGUFWriter()
        for entry in file.metadata.entries { writer.add(entry.key, entry.value) }
        for tensor in file.tensors {
            writer.addTensor(tensor.name, dimensions: tensor.dimensions, type: tensor.type)
        }
        let names = Set(changed.map(\.name))
        try writer.write(to: path) { index in
            let tensor = file.tensors[index]
            let bytes = Array(file.bytes(of: tensor))
            return names.contains(tensor.name) ? merged(tensor, bytes) : bytes
        }
        return path
    }

    private func merged(_ tensor: TensorInfo, _ bytes: [UInt8]) -> [UInt8] {
        var weights = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        let (a, b) = factors(tensor)
        let cols = tensor.dimensions[0]
        for index in weights.indices {
            let (row, col) = (index / cols, index % cols)
            let sum = (0..<rank).reduce(0.0) { $0 + Double(b[row * rank + $1]) * Double(a[$1 * cols + col]) }
            weights[index] += Float(Double(alpha) / Double(rank) * sum)
        }
        return Self.bytes(weights)
    }

    private static func bytes(_ floats: [Float]) -> [UInt8] { floats.withUnsafeBytes { Array($0) } }
}
