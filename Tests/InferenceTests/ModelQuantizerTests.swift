import Foundation
import GGUF
import Testing

@testable import Inference

/// Quantizes complete files.
@Suite struct ModelQuantizerTests {
    @Test func mixesGiveSensitiveMatricesMoreBits() throws {
        let folder = try Scratch()
        let types = try folder.quantized(try folder.model(layers: 16), "Q4_K_M").types
        for layer in 0..<16 {
            let expected = [0, 1, 4, 7, 10, 13, 14, 15].contains(layer) ? "Q6_K" : "Q4_K"
            #expect(types["blk.\(layer).attn_v.weight"] == expected)
            #expect(types["blk.\(layer).ffn_down.weight"] == expected)
            #expect(types["blk.\(layer).attn_q.weight"] == "Q4_K")
        }
        #expect(types["token_embd.weight"] == "Q6_K", "also the output matrix")
        #expect(types["blk.0.attn_norm.weight"] == "F32")
    }

    /// Matrices of all experts are one tensor with three dimensions; each row is quantized like any other.
    @Test func expertsAreQuantizedLikeMatrices() throws {
        let folder = try Scratch()
        let (file, types) = try folder.quantized(try folder.mixture(), "Q4_K_M")
        let more = [0, 3, 6, 7]
        for layer in 0..<8 {
            #expect(types["blk.\(layer).ffn_up_exps.weight"] == "Q4_K")
            let down = more.contains(layer) ? "Q6_K" : "Q4_K"
            #expect(types["blk.\(layer).ffn_down_exps.weight"] == down, "\(layer)")
            #expect(types["blk.\(layer).ffn_down_shexp.weight"] == down, "\(layer)")
            for kept in [
                "ffn_gate_inp.weight", "ffn_gate_inp_shexp.weight", "ffn_up_exps.bias", "ffn_down_exps.scale",
                "exp_probs_b.bias", "attn_sinks.weight", "attn_q_norm.weight",
            ] { #expect(types["blk.\(layer).\(kept)"] == "F32", "\(kept)") }
        }
        let source = try GGUFFile(path: folder.path("mixture.gguf"))
        for name in ["blk.3.ffn_up_exps.weight", "blk.0.ffn_down_exps.weight"] {
            let (before, after) = (try floats(source, name), try floats(file, name))
            #expect(nmse(after, before) < 0.01, "\(name)")
        }
        #expect(try floats(file, "blk.2.ffn_up_exps.bias") == floats(source, "blk.2.ffn_up_exps.bias"))
    }

    @Test func sizesAreThoseOfTheWrittenFile() throws {
        let folder = try Scratch()
        let model = try folder.mixture()
        let use = try folder.quantizer(model, "Q4_K_M").weightUse
        #expect(use == WeightUse(try folder.quantized(model, "Q4_K_M").file))
        #expect(use.activeParameters < use.parameters && use.activeBytes < use.byteCount)
    }

    /// The tensor as floats.
    private func floats(_ file: GGUFFile, _ name: String) throws -> [Float] {
        let tensor = try #require(file.tensor(named: name))
        let type = try #require(QuantizedType(id: tensor.type.id))
        let bytes = try #require(file.bytes(of: tensor).baseAddress)
        return [Float](unsafeUninitializedCapacity: tensor.elementCount) { buffer, count in
            count = tensor.elementCount
            type.dequantize(bytes, to: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        }
    }

    @Test func keepsMetadataAndRecordsTheFormat() throws {
        let folder = try Scratch()
        let file = try folder.quantized(try folder.model(layers: 1), "Q4_K_M").file
        #expect(file.metadata["general.architecture"]?.string == "llama")
        #expect(file.metadata["tokenizer.ggml.tokens"]?.array?.count == 3)
        #expect(file.metadata["general.file_type"]?.int == 15)
        #expect(file.metadata["general.quantization_version"]?.int == 2)
        #expect(file.metadata.entries.filter { $0.key == "general.file_type" }.count == 1)
    }

    @Test func resultsDoNotDependOnThreadCount() throws {
        let folder = try Scratch()
        let model = try folder.model(layers: 2)
        let one = try Data(contentsOf: URL(filePath: try folder.quantized(model, "Q5_K_M", threads: 1).file.path))
        let many = try Data(contentsOf: URL(filePath: try folder.quantized(model, "Q5_K_M", threads: 7).file.path))
        #expect(one == many)
    }

    // MARK: Invalid input

    @Test func neverOverwritesItsInput() throws {
        let folder = try Scratch()
        let model = try folder.model(layers: 1)
        let before = try Data(contentsOf: URL(filePath: model))
        let link = folder.path("link.gguf")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: model)
        for path in [model, link] {
            #expect(throws: QuantizationError.sameFile(path: path)) {
                try OutputFile(path, source: model, overwriting: true)
            }
        }
        #expect(try Data(contentsOf: URL(filePath: model)) == before)
    }

    @Test func replacesFilesOnlyIfRequested() throws {
        let folder = try Scratch()
        let quantizer = try folder.quantizer(try folder.model(layers: 1), "Q8_0")
        let output = folder.path("out.gguf")
        try Data("precious".utf8).write(to: URL(filePath: output))
        #expect(throws: QuantizationError.exists(path: output)) {
            try OutputFile(output, overwriting: false)
        }
        #expect(try Data(contentsOf: URL(filePath: output)) == Data("precious".utf8))
        try quantizer.write(to: OutputFile(output, overwriting: true), threads: 1)
        #expect(try GGUFFile(path: output).tensors.count == 5)
    }

    /// Before any work, and whether or not an existing file may be replaced.
    @Test(arguments: [true, false])
    func writesOnlyToRegularFiles(overwriting: Bool) throws {
        let folder = try Scratch()
        let (pipe, device, inner) = (folder.path("pipe"), folder.path("null"), folder.path("inner"))
        mkfifo(pipe, 0o600)
        symlink("/dev/null", device)
        mkdir(inner, 0o700)
        for path in [pipe, device] {
            #expect(throws: QuantizationError.notAFile(path: path, isFolder: false)) {
                try OutputFile(path, overwriting: overwriting)
            }
        }
        #expect(throws: QuantizationError.notAFile(path: inner, isFolder: true)) {
            try OutputFile(inner, overwriting: overwriting)
        }
    }

    @Test func writesThroughLinks() throws {
        let folder = try Scratch()
        let quantizer = try folder.quantizer(try folder.model(layers: 1), "Q8_0")
        mkdir(folder.path("inner"), 0o700)
        symlink("inner/out.gguf", folder.path("link.gguf"))
        for _ in 0..<2 { try quantizer.write(to: OutputFile(folder.path("link.gguf"), overwriting: true), threads: 1) }
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("link.gguf")) == "inner/out.gguf")
        #expect(try GGUFFile(path: folder.path("inner/out.gguf")).tensors.count == 5)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("inner")) == ["out.gguf"])
    }

    /// A link at the temporary name cannot make it write elsewhere, because the name cannot be guessed and must be free.
    @Test func theUnfinishedFileHasANameOfItsOwn() throws {
        let folder = try Scratch()
        let quantizer = try folder.quantizer(try folder.model(layers: 1), "Q8_0")
        // What was killed in the middle is removed by the next run.
        try Data("half".utf8).write(to: URL(filePath: folder.path(".out.gguf.\(Int32.max)-7.tmp")))
        var names: Set<String> = []
        for _ in 0..<2 {
            try quantizer.write(to: OutputFile(folder.path("out.gguf"), overwriting: true), threads: 1) { _ in
                names.formUnion((try? folder.contents()) ?? [])
            }
        }
        #expect(names.subtracting(["model.gguf", "out.gguf"]).count == 2)
        #expect(try folder.contents() == ["model.gguf", "out.gguf"])
        #expect(throws: GGUFError.self) { try GGUFWriter().write(to: folder.path("out.gguf")) }
    }

    @Test func leavesNoFileIfAValueDoesNotFit() throws {
        let folder = try Scratch()
        let quantizer = try folder.quantizer(try folder.model(layers: 1, spoiledBy: .nan), "Q4_0")
        #expect(throws: QuantizationError.valueOutOfRange(tensor: "token_embd.weight", type: "Q6_K")) {
            try quantizer.write(to: OutputFile(folder.path("out.gguf"), overwriting: false), threads: 2)
        }
        #expect(try folder.contents() == ["model.gguf"])
    }

    @Test func rejectsUnsupportedTypes() throws {
        let folder = try Scratch()
        var writer = GGUFWriter()
        let type = try #require(TensorType.all.first { $0.name == "Q8_K" })
        writer.addTensor("token_embd.weight", dimensions: [256, 2], type: type)
        try writer.write(to: folder.path("q8_k.gguf")) { _ in [UInt8](repeating: 0, count: 2 * type.blockBytes) }
        #expect(throws: QuantizationError.unreadableType(tensor: "token_embd.weight", type: "Q8_K")) {
            try folder.quantizer(folder.path("q8_k.gguf"), "Q8_0")
        }
    }
}

/// A temporary folder for a test, in which it creates a small model.
private final class Scratch {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "sotto-quantize-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }
    func contents() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path("")) }

    /// A file with some matrices of each layer, in F32. Each tensor contains the value `spoiledBy`, if given.
    func model(layers: Int, cols: Int = 256, spoiledBy: Float? = nil) throws -> String {
        var writer = GGUFWriter()
        writer.add("general.architecture", .string("llama"))
        writer.add("general.file_type", .uint32(0))
        writer.add("llama.block_count", .uint32(UInt32(layers)))
        writer.add("tokenizer.ggml.tokens", strings: ["a", "b", "c"])
        let f32 = TensorType.all[0]
        var shapes: [(String, [Int])] = [("token_embd.weight", [cols, 4])]
        for layer in 0..<layers {
            shapes += ["attn_q", "attn_v", "ffn_down"].map { ("blk.\(layer).\($0).weight", [cols, 2]) }
            shapes.append(("blk.\(layer).attn_norm.weight", [cols]))
        }
        for (name, dimensions) in shapes { writer.addTensor(name, dimensions: dimensions, type: f32) }
        try writer.write(to: path("model.gguf")) { index in
            let count = shapes[index].1.reduce(1, *)
            var values = (0..<count).map { Float(($0 * 7919 + index) % 1009) / 1009 - 0.5 }
            if let spoiledBy { values[count / 2] = spoiledBy }
            return values.withUnsafeBytes { Array($0) }
        }
        return path("model.gguf")
    }

    /// A mixture of experts with eight layers, in F32, of whatever architecture.
    func mixture(experts: Int = 4, architecture: String = "made-up") throws -> String {
        var writer = GGUFWriter()
        writer.add("general.architecture", .string(architecture))
        writer.add("\(architecture).block_count", .uint32(8))
        writer.add("\(architecture).expert_count", .uint32(UInt32(experts)))
        writer.add("\(architecture).expert_used_count", .uint32(2))
        var shapes: [(String, [Int])] = [("token_embd.weight", [256, 4]), ("output.weight", [256, 4])]
        let layer: [(String, [Int])] =
            ["attn_q", "attn_k", "attn_v", "attn_output"].map { ("\($0).weight", [256, 2]) } + [
                ("attn_q_norm.weight", [256]), ("attn_sinks.weight", [4]), ("ffn_gate_inp.weight", [256, experts]),
                ("ffn_gate_inp_shexp.weight", [256, 1]), ("exp_probs_b.bias", [experts]),
                ("ffn_up_exps.weight", [256, 3, experts]), ("ffn_up_exps.bias", [3, experts]),
                ("ffn_down_exps.weight", [256, 2, experts]), ("ffn_down_exps.scale", [experts]),
                ("ffn_down_shexp.weight", [256, 2]),
            ]
        for index in 0..<8 { shapes += layer.map { ("blk.\(index).\($0)", $1) } }
        for (name, dimensions) in shapes { writer.addTensor(name, dimensions: dimensions, type: TensorType.all[0]) }
        try writer.write(to: path("mixture.gguf")) { index in
            let values = (0..<shapes[index].1.reduce(1, *)).map { Float(($0 * 7919 + index) % 1009) / 1009 - 0.5 }
            return values.withUnsafeBytes { Array($0) }
        }
        return path("mixture.gguf")
    }

    func quantizer(_ model: String, _ scheme: String) throws -> ModelQuantizer {
        try ModelQuantizer(file: GGUFFile(path: model), scheme: try #require(QuantizationScheme.find(scheme)))
    }

    func quantized(
        _ model: String, _ scheme: String, threads: Int = 2
    ) throws -> (file: GGUFFile, types: [String: String]) {
        let output = path("out-\(threads).gguf")
        try quantizer(model, scheme).write(to: OutputFile(output, overwriting: false), threads: threads)
        let file = try GGUFFile(path: output)
        return (file, Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.type.name) }))
    }
}
