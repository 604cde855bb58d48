import GGUF
import Testing

@testable import Inference

/// The measurement of matrix products, with as little work as possible.
struct KernelBenchmarkTests {
    static let tiny = KernelBenchmark.Effort(
        memoryBytes: 2 << 20, rowsPerThread: 64, run: .zero, total: .zero)

    @Test(arguments: InstructionSet.available)
    func everyFormatIsMeasured(_ set: InstructionSet) throws {
        var benchmark = KernelBenchmark(instructionSets: [set], threads: [2])
        benchmark.effort = Self.tiny
        let speeds = try benchmark.run()
        let limit = try #require(speeds.limit(set, threads: 2))
        #expect(limit.readBandwidth > 0 && limit.int8Peak > 0)
        #expect(benchmark.formats.count >= 21 && speeds.rows.count == 6 * benchmark.formats.count)
        for format in benchmark.formats {
            let rows = speeds.rows.filter { $0.format == format }
            #expect(rows.map(\.tokens) == [1, 1, 4, 4, 256, 256])
            #expect(rows.map(\.fromMemory) == [false, true, false, true, false, true])
        }
        #expect(speeds.rows.allSatisfy { $0.instructionSet == set && $0.threads == 2 })
        #expect(speeds.rows.allSatisfy { $0.bytesPerSecond > 0 && $0.bytesPerSecond.isFinite })
        #expect(speeds.rows.allSatisfy { $0.productsPerSecond > 0 && $0.productsPerSecond.isFinite })
        // Both count the same weights: a byte of F16 is half a weight, multiplied by each of the four tokens.
        let half = try #require(speeds.rows.first { $0.format.name == "F16" && $0.tokens == 4 })
        #expect(abs(half.productsPerSecond / half.bytesPerSecond - 2) < 1e-9)
    }

    @Test func measuresOnlyWhatIsAsked() throws {
        let format = try #require(KernelBenchmark.allFormats.first { $0.name == "Q4_K" })
        var benchmark = KernelBenchmark(formats: [format], instructionSets: [.portable], threads: [1, 3])
        benchmark.effort = Self.tiny
        var steps: [String] = []
        let speeds = try benchmark.run { steps.append($0) }
        #expect(speeds.rows.map(\.threads) == [1, 1, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3])
        #expect(speeds.rows.allSatisfy { $0.format == format && $0.instructionSet == .portable })
        #expect(speeds.limits.map(\.threads) == [1, 3])
        #expect(steps.contains { $0.contains("Q4_K") })
    }

    @Test func weightsAreRandomToTheEndOfTheMemory() throws {
        let memory = FloatBuffer(count: 64 << 10)
        for type in KernelBenchmark.allFormats {
            let weights = try #require(RepeatedWeights(type, columns: 2048, filling: memory))
            #expect(weights.rows == memory.byteCount / weights.rowBytes)
            let format = try #require(QuantizedType(id: type.id))
            var values = [Float](repeating: .nan, count: 2048)
            let last = try #require(weights.matrix(first: weights.rows - 1, rows: 1).data)
            values.withUnsafeMutableBufferPointer { format.dequantize(last, to: $0) }
            #expect(values.allSatisfy { abs($0) < 1 } && Set(values).count > 8, "\(type)")
        }
    }

    @Test func unavailableSetIsAnError() throws {
        let missing = try #require([InstructionSet.neon, .avx2].first { !$0.isAvailable })
        let benchmark = KernelBenchmark(instructionSets: [missing], threads: [1])
        #expect(throws: EngineError.instructionSetUnavailable(missing)) { try benchmark.run() }
    }
}
