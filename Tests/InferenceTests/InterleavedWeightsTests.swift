import Foundation
import GGUF
import Testing

@testable import Inference

/// Copies of matrices are made while a conversation goes on, so no reply may depend on them.
@Suite struct InterleavedWeightsTests {
    /// All of whose formats have an interleaved form with this machine's instruction set.
    private static let schemes =
        InstructionSet.avx512.isAvailable
        ? ["Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0", "Q4_0"]
        : InstructionSet.avx2.isAvailable ? ["Q4_K_M", "Q5_K_M", "Q6_K", "IQ4_NL", "Q4_0"] : []

    private let folder = FileManager.default.temporaryDirectory.appending(path: "interleaved-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    /// The logits of a prompt that takes several passes, of drafts and of single tokens, before the first copy, after
    /// each, and in an engine with all of them.
    @Test(arguments: schemes)
    func logitsAreTheSameBits(scheme: String) async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let model = try model(scheme)
        let engine = try Engine(model: model, options: options(interleaves: true))
        let expected = try await logits(engine)
        #expect(Set(expected).count > expected.count / 2)
        var copies = 0
        while await engine.interleaveNext() {
            copies += 1
            if copies % 5 == 1 { #expect(try await logits(engine) == expected) }
        }
        // Seven matrices of each layer, and the output matrix.
        #expect(copies == 15)
        #expect(engine.isInterleaved)
        #expect(try await logits(engine) == expected)
        let plain = try Engine(model: model, options: options(interleaves: false))
        #expect(await !plain.interleaveNext())
        #expect(try await logits(plain) == expected)
    }

    /// The plan counts what the copies take, whether the model is loaded or not.
    @Test(.enabled(if: !schemes.isEmpty)) func thePlanCountsCopies() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let model = try model("Q4_0")
        let without = try MemoryPlan(model: model, options: options(interleaves: false))
        let with = try MemoryPlan(model: model, options: options(interleaves: true))
        #expect(without.interleavedBytes == 0)
        #expect(with.byteCount == without.byteCount + with.interleavedBytes)
        // All matrices but the embedding, 18 bytes for 32 weights; nothing is added.
        let weights = try #require(model.transformer).weights.matrices.reduce(0) { $0 + $1.weightCount }
        #expect(with.interleavedBytes >= weights / 32 * 18)
        #expect(with.interleavedBytes <= weights / 32 * 18 * 11 / 10)
        #expect(try MemoryPlan(source: GGUFSource.open(model.path), options: options(interleaves: true)) == with)
    }

    @Test func otherInstructionSetsHaveNoCopies() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let model = try model("Q4_0")
        var options = options(interleaves: true)
        options.instructionSet = .portable
        #expect(try MemoryPlan(model: model, options: options).interleavedBytes == 0)
        #expect(await !(try Engine(model: model, options: options)).interleaveNext())
    }

    // MARK: Models

    private func model(_ scheme: String) throws -> Model {
        let (wide, file) = (folder.appending(path: "f16.gguf").path, folder.appending(path: "\(scheme).gguf").path)
        let shape = SyntheticModel(
            name: "tiny", layers: 2, hiddenSize: 256, heads: 4, kvHeads: 2, headDim: 64, vocabulary: 320,
            feedForward: .dense(size: 512))
        try shape.write(to: OutputFile(wide, overwriting: false), seed: 7, threads: 2)
        try ModelQuantizer(file: GGUFFile(path: wide), scheme: try #require(QuantizationScheme.find(scheme)))
            .write(to: OutputFile(file, overwriting: false), threads: 2)
        return try Model.load(path: file)
    }

    private func options(interleaves: Bool) -> EngineOptions {
        EngineOptions(
            threads: 2, contextLength: 96, kernels: DecodeKernels(prefetch: .standard, interleaves: interleaves),
            prefillBatch: 40)
    }

    /// The bits of the logits after passes of many tokens, a few, and one.
    private func logits(_ engine: Engine) async throws -> [UInt32] {
        let tokens = (0..<64).map { Int32(($0 * 37 + 11) % 320) }
        return try await engine.logitBits(tokens, passes: [40, 8, 5, 4, 3, 2, 1, 1])
    }
}

extension Engine {
    fileprivate func logitBits(_ tokens: [Int32], passes: [Int]) throws -> [UInt32] {
        cached = []
        return try passes.flatMap { count in
            try advance(tokens[cached.count..<cached.count + count], isCancelled: { _ in false })
            return try logits(rows: max(0, count - 4)..<count).map(\.bitPattern)
        }
    }
}
