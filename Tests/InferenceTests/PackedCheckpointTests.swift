import Foundation
import GGUF
import TestSupport
import Testing

@testable import Inference

/// Checkpoints with few bits per weight, as they are published, compared with what NumPy unpacks from them
/// (scripts/golden/checkpoints.py).
struct PackedCheckpointTests {
    static let forms: [(name: String, format: String)] = [
        ("fp8", "FP8"), ("mxfp4", "MXFP4"), ("nvfp4", "NVFP4"),
        ("nvfp4-packed", "NVFP4"), ("gptq", "GPTQ"), ("gptq-asymmetric", "GPTQ"), ("gptq-order", "GPTQ"),
        ("awq", "AWQ"),
    ]

    private func path(_ name: String) -> String { Golden.path("checkpoints/packed/\(name)") }

    private func error(of path: String, _ name: String, _ prefillBatch: Int) async throws -> Double {
        let engine = try Engine(
            model: try Model.load(path: path),
            options: EngineOptions(threads: 2, cacheType: .f32, prefillBatch: prefillBatch))
        let logits = try await engine.logits(tokens: FamilyTests.prompt(vocabulary: 96), all: true)
        return nmse(logits.joined(), try Golden.floats("checkpoints/packed/\(name)/logits.f32"))
    }

    /// The inputs of products are rounded to eight bits, except with FP8, whose weights are floats.
    @Test(arguments: forms, [48, 1])
    func logitsMatchTransformers(_ form: (name: String, format: String), _ prefillBatch: Int) async throws {
        let limit = form.format == "FP8" ? 1e-7 : 2e-3
        #expect(try await error(of: path(form.name), form.name, prefillBatch) < limit)
    }

    /// Every weight is what NumPy says, but for offsets and weights that are rounded to F16.
    @Test(arguments: forms)
    func unpackedWeightsMatchNumPy(_ form: (name: String, format: String)) async throws {
        let folder = try Folder([:])
        let file = folder.path(of: "model.gguf")
        let converter = try CheckpointConverter(path: path(form.name), scheme: QuantizationScheme.find("F32"))
        try converter.write(to: OutputFile(file, overwriting: false), threads: 2)
        let isRounded = ["gptq-asymmetric", "gptq-order", "awq"].contains(form.name)
        #expect(try await error(of: file, form.name, 48) < (isRounded ? 1e-5 : 1e-7))
    }

    @Test(arguments: forms)
    func listsCountWeightsAndNameTheFormat(_ form: (name: String, format: String)) throws {
        let source = try CheckpointSource(path: path(form.name))
        #expect(source.formatName == form.format)
        #expect(try MemoryPlan(source: source) != nil)
        let plain = source.tensors.filter { $0.name.hasSuffix("q_proj.weight") }
        #expect(plain.allSatisfy { $0.dimensions[0] == (form.format == "FP8" ? 128 : 64) })
        #expect(!source.tensors.contains { $0.name.contains("qzeros") || $0.name.contains("weight_scale") })
        #expect(source.derivedBytes < source.byteCount)
    }

    // MARK: What is wrong with them

    @Test(arguments: [
        ("gptq", "bits", "3", "4 bits"), ("gptq", "group_size", "48", "groups of 48"),
        ("awq", "quant_method", #""x""#, "gptq or awq"),
    ])
    func aWrongValueIsNamed(name: String, field: String, value: String, problem: String) throws {
        let folder = try changed(name) { text in
            // The last of two equal names counts.
            text.replace(/(?<end>\s*\}\s*\}\s*)$/) { ", \"\(field)\": \(value)\($0.end)" }
        }
        let error = try #require(throws: ModelError.self) { try Model.load(path: folder.path) }
        #expect("\(error)".contains(problem), "\(error)")
    }

    /// Products of sizes would be larger than any number.
    @Test(arguments: ["gptq", "awq", "fp8", "mxfp4", "nvfp4"])
    func hugeSizesNeverCrash(name: String) throws {
        let huge = "9223372036854775807"
        for (field, value) in [("group_size", huge), ("weight_block_size", "[\(huge), \(huge)]"), ("bits", huge)] {
            let folder = try changed(name) { text in
                text.replace(/(?<end>\s*\}\s*\}\s*)$/) { ", \"\(field)\": \(value)\($0.end)" }
            }
            _ = try? Model.load(path: folder.path)
        }
        // Empty tensors of all parts.
        let parts = [
            "a.qweight": "I32", "a.qzeros": "I32", "a.scales": "F16", "b_blocks": "U8", "b_scales": "U8",
            "c.weight": "F8_E4M3", "c.weight_scale_inv": "F32", "d.weight": "U8", "d.weight_scale": "F8_E4M3",
        ]
        for shape in ["[0, 4611686018427387904]", "[4611686018427387904, 0]", "[4611686018427387904, 0, 16]"] {
            let fields = parts.map {
                #""\#($0.key)": {"dtype": "\#($0.value)", "shape": \#(shape), "data_offsets": [0, 0]}"#
            }
            let header = Data("{\(fields.joined(separator: ", "))}".utf8)
            let folder = try changed(name) { _ in }
            try (withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header)
                .write(to: URL(filePath: folder.path(of: "model.safetensors")))
            let source = try CheckpointSource(path: folder.path)
            #expect(source.tensors.count == parts.count)
        }
    }

    /// Bytes of the header, which has the shapes and types of all parts.
    @Test(arguments: forms)
    func changedBytesNeverCrash(_ form: (name: String, format: String)) throws {
        let weights = try Data(contentsOf: URL(filePath: "\(path(form.name))/model.safetensors"))
        let header = 8..<8 + Int(weights.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
        let folder = try changed(form.name) { _ in }
        var random = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            var bytes = weights
            for _ in 0..<2 { bytes[header.randomElement(using: &random) ?? 8] = UInt8(48 + random.next() % 10) }
            try bytes.write(to: URL(filePath: "\(folder.path)/model.safetensors"))
            _ = try? Model.load(path: folder.path)
        }
    }

    private func changed(_ name: String, _ change: (inout String) -> Void) throws -> Folder {
        var text = try String(contentsOfFile: "\(path(name))/config.json", encoding: .utf8)
        change(&text)
        let folder = try Folder(["config.json": text])
        try FileManager.default.copyItem(
            atPath: "\(path(name))/model.safetensors", toPath: folder.path(of: "model.safetensors"))
        return folder
    }
}
