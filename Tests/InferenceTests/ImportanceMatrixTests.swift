import Foundation
import GGUF
import Testing

@testable import Inference

/// Collecting, storing and using importance matrices.
@Suite struct ImportanceMatrixTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "sotto-importance-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }

    private func cleanUp() { try? FileManager.default.removeItem(at: folder) }

    /// A random model with four experts, two for each token.
    private func mixture() throws -> String {
        var shape = SyntheticModel(
            name: "mixture", layers: 2, hiddenSize: 256, heads: 4, kvHeads: 2, headDim: 64, vocabulary: 64,
            feedForward: .experts(count: 4, used: 2, size: 256))
        shape.parts = [.output]
        try shape.write(to: OutputFile(path("model.gguf"), overwriting: false), seed: 3, threads: 2)
        return path("model.gguf")
    }

    private func importance(of model: String, tokens: Int, batch: Int? = nil) async throws -> ImportanceMatrix {
        let engine = try Engine(
            model: try Model.load(path: model),
            options: EngineOptions(threads: 2, contextLength: 16, prefillBatch: batch))
        return try await engine.importance(
            tokens: (0..<tokens).map { Int32($0 * 7 % 64) }, chunkSize: 16, dataset: "text.txt")
    }

    @Test func everyMatrixOfALayerIsMeasured() async throws {
        defer { cleanUp() }
        let matrix = try await importance(of: mixture(), tokens: 40)
        #expect(matrix.chunks == 2 && matrix.chunkSize == 16 && matrix.datasets == ["text.txt"])
        #expect(matrix.entries.keys.allSatisfy { $0.hasPrefix("blk.") })
        for name in ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate_inp"] {
            let entry = try #require(matrix.entries["blk.1.\(name).weight"])
            #expect(entry.counts == [32] && entry.sums.count == 256)
            #expect(entry.sums.allSatisfy { $0.isFinite && $0 >= 0 } && entry.sums.contains { $0 > 0 })
        }
        for name in ["ffn_gate_exps", "ffn_up_exps", "ffn_down_exps"] {
            let entry = try #require(matrix.entries["blk.1.\(name).weight"])
            #expect(entry.counts.count == 4 && entry.counts.reduce(0, +) == 64 && entry.sums.count == 4 * 256)
        }
        // They have the same input.
        #expect(matrix.entries["blk.0.attn_q.weight"]?.sums == matrix.entries["blk.0.attn_v.weight"]?.sums)
        let (up, gate) = (matrix.entries["blk.0.ffn_up_exps.weight"], matrix.entries["blk.0.ffn_gate_exps.weight"])
        #expect(up?.sums == gate?.sums && up?.counts == gate?.counts)
        // The experts' inputs together are those of the router, twice: each token has two experts.
        let router = try #require(matrix.entries["blk.0.ffn_gate_inp.weight"])
        let sums = try #require(up?.sums)
        for column in 0..<256 {
            let together = (0..<4).reduce(0) { $0 + sums[$1 * 256 + column] }
            #expect(abs(together - 2 * router.sums[column]) <= 1e-4 * together)
        }
    }

    @Test func passesOfAnySizeGiveTheSameSums() async throws {
        defer { cleanUp() }
        let model = try mixture()
        let (whole, parts) = (
            try await importance(of: model, tokens: 32), try await importance(of: model, tokens: 32, batch: 5)
        )
        for (name, entry) in whole.entries where name.hasPrefix("blk.0.attn") {
            let other = try #require(parts.entries[name])
            #expect(entry.counts == other.counts)
            for (a, b) in zip(entry.sums, other.sums) { #expect(abs(a - b) <= 0.05 * max(a, b) + 1e-4) }
        }
    }

    @Test func shortTextsAreRefused() async throws {
        defer { cleanUp() }
        let model = try mixture()
        await #expect(throws: EngineError.textTooShort(tokens: 15, least: 16)) {
            try await importance(of: model, tokens: 15)
        }
    }

    private func written(_ entries: [String: ImportanceMatrix.Entry]) throws -> String {
        let matrix = ImportanceMatrix(path: "", entries: entries, datasets: ["a", "b"], chunks: 3, chunkSize: 512)
        try matrix.write(to: OutputFile(path("imatrix.gguf"), overwriting: true))
        return path("imatrix.gguf")
    }

    @Test func filesAreReadAsTheyWereWritten() throws {
        defer { cleanUp() }
        let file = try written([
            "blk.0.attn_q.weight": .init(sums: [1, 2, 3], counts: [4]),
            "blk.0.ffn_up_exps.weight": .init(sums: [1, 2, 0, 0], counts: [2, 0]),
        ])
        let matrix = try ImportanceMatrix(path: file)
        #expect(matrix.entries["blk.0.attn_q.weight"]?.sums == [1, 2, 3])
        #expect(matrix.entries["blk.0.ffn_up_exps.weight"]?.counts == [2, 0])
        #expect(matrix.datasets == ["a", "b"] && matrix.chunks == 3 && matrix.chunkSize == 512)
        #expect(matrix.experts == (count: 2, unused: 1))
    }

    @Test func otherFilesAreRefused() throws {
        defer { cleanUp() }
        // The older form begins with the number of entries.
        try Data([2, 0, 0, 0, 19, 0, 0, 0] + [UInt8](repeating: 65, count: 64)).write(
            to: URL(filePath: path("old.dat")))
        #expect(throws: reason("it is not a GGUF file (older .dat files are not supported)", "old.dat")) {
            try ImportanceMatrix(path: path("old.dat"))
        }
        let model = try mixture()
        #expect(throws: reason("its general.type is not \"imatrix\"", "model.gguf")) {
            try ImportanceMatrix(path: model)
        }
        for bad in [Float.nan, .infinity, -1] {
            let file = try written(["blk.0.attn_q.weight": .init(sums: [1, bad], counts: [4])])
            #expect(throws: reason("its numbers for \"blk.0.attn_q.weight\" are not usable", "imatrix.gguf")) {
                try ImportanceMatrix(path: file)
            }
        }
    }

    private func reason(_ reason: String, _ name: String) -> QuantizationError {
        .notAnImportanceMatrix(path: path(name), reason: reason)
    }

    /// Each expert has its own importance, and the columns that matter get smaller errors.
    @Test func columnsThatMatterGetSmallerErrors() async throws {
        defer { cleanUp() }
        let model = try mixture()
        let name = "blk.0.ffn_down_exps.weight"
        // In the first expert the first columns matter, in the others the last.
        let sums = (0..<4 * 256).map { index -> Float in (index % 256 < 128) == (index < 256) ? 100 : 1 }
        let file = try written([name: .init(sums: sums, counts: [1, 1, 1, 1])])
        let source = try GGUFFile(path: model)
        let scheme = try #require(QuantizationScheme.find("Q2_K"))
        var errors: [[Double]] = []
        for importance in [nil, try ImportanceMatrix(path: file)] {
            let quantizer = try ModelQuantizer(file: source, scheme: scheme, importance: importance)
            #expect(quantizer.matricesWithoutImportance.contains(name) == false)
            #expect(quantizer.matricesWithoutImportance.isEmpty == (importance == nil))
            let output = path("out-\(errors.count).gguf")
            try quantizer.write(to: OutputFile(output, overwriting: false), threads: 2)
            let quantized = try GGUFFile(path: output)
            #expect(quantized.metadata["quantize.imatrix.entries_count"]?.int == importance.map { _ in 1 })
            errors.append(try columnErrors(quantized, source, name))
        }
        for expert in 0..<4 {
            let (first, last) = (2 * expert, 2 * expert + 1)
            let (matters, other) = expert == 0 ? (first, last) : (last, first)
            #expect(errors[1][matters] < errors[0][matters])
            #expect(errors[1][other] > errors[0][other])
        }
    }

    /// The squared errors of each expert's first and last 128 columns.
    private func columnErrors(_ quantized: GGUFFile, _ source: GGUFFile, _ name: String) throws -> [Double] {
        let (back, values) = (try floats(quantized, name), try floats(source, name))
        var errors = [Double](repeating: 0, count: 8)
        let rows = values.count / (4 * 256)
        for index in values.indices {
            let (expert, column) = (index / (rows * 256), index % 256)
            errors[2 * expert + column / 128] += Double((back[index] - values[index]) * (back[index] - values[index]))
        }
        return errors
    }

    private func floats(_ file: GGUFFile, _ name: String) throws -> [Float] {
        let tensor = try #require(file.tensor(named: name))
        let type = try #require(QuantizedType(id: tensor.type.id))
        let bytes = try #require(file.bytes(of: tensor).baseAddress)
        return [Float](unsafeUninitializedCapacity: tensor.elementCount) { buffer, count in
            count = tensor.elementCount
            type.dequantize(bytes, to: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        }
    }

    @Test func matricesOfOtherModelsAreRefused() throws {
        defer { cleanUp() }
        let model = try mixture()
        let file = try written(["blk.0.attn_q.weight": .init(sums: [1, 2, 3], counts: [4])])
        let importance = try ImportanceMatrix(path: file)
        let scheme = try #require(QuantizationScheme.find("Q4_K_M"))
        #expect(throws: QuantizationError.importanceOfAnotherModel(path: file, tensor: "blk.0.attn_q.weight")) {
            try ModelQuantizer(file: GGUFFile(path: model), scheme: scheme, importance: importance)
        }
    }
}
