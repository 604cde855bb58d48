import CKernels
import Foundation
import Testing

/// Quantizing weights, held against the reference quantizers' error on the same numbers.
@Suite struct QuantizeTests {
    static let formats = ["F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"]

    @Test(arguments: formats)
    func errorIsNoWorseThanTheReference(name: String) throws {
        let golden = try GoldenErrors.load()
        let format = try #require(find(name))
        for row in golden.cases {
            let values = try golden.values(row.distribution)
            let sum = values.reduce(0) { $0 + Double($1) }
            #expect(abs(sum - row.sum) <= 1e-6 * abs(row.sum), "same numbers as the reference had")
            let reference = try #require(row.rmse[name])
            let error = rootMeanSquare(zip(try roundTrip(values, format), values).map { Double($0) - Double($1) })
            #expect(error <= reference * 1.001, "\(row.distribution)")
        }
    }

    @Test(arguments: formats)
    func everyPathWritesTheSameBytes(name: String) throws {
        let golden = try GoldenErrors.load()
        let format = try #require(find(name))
        for row in golden.cases {
            let values = try golden.values(row.distribution)
            let expected = try #require(quantize(values, format, SOTTO_ISA_PORTABLE))
            for isa in paths {
                #expect(quantize(values, format, isa) == expected, "\(row.distribution)")
            }
        }
    }

    /// What a format can hold exactly comes back exactly.
    @Test(arguments: formats)
    func exactNumbersSurvive(name: String) throws {
        let format = try #require(find(name))
        let values = (0..<512).map { Float($0 % 2 == 0 ? 1 : -1) * ($0 % 32 == 0 ? 1 : 0) }
        for (value, back) in zip(values, try roundTrip(values, format)) { #expect(abs(value - back) <= 1.0 / 256) }
        #expect(try roundTrip([Float](repeating: 0, count: 512), format).allSatisfy { $0 == 0 })
    }

    /// 255 levels: no number is further off than half a step, and a hair for the scale's rounding.
    @Test func q8_0StaysWithinHalfAStep() throws {
        let golden = try GoldenErrors.load()
        let values = try golden.values("heavy tails")
        let back = try roundTrip(values, try #require(find("Q8_0")))
        for first in stride(from: 0, to: values.count, by: 32) {
            let block = first..<first + 32
            let step = (block.map { abs(values[$0]) }.max() ?? 0) / 127
            for index in block { #expect(abs(values[index] - back[index]) <= step * 0.57) }
        }
    }

    @Test(arguments: formats)
    func refusesWhatCannotBeHeld(name: String) throws {
        let format = try #require(find(name))
        let tooLarge: Float = name == "BF16" ? .greatestFiniteMagnitude : 65_536
        for value in [Float.nan, .infinity, -.infinity, tooLarge] {
            var values = [Float](repeating: 0.5, count: 512)
            values[300] = value
            var blocks = [UInt8](repeating: 7, count: 4096)
            #expect(!sotto_quantize(format, sotto_isa_best(), values, &blocks, values.count))
            #expect(blocks.allSatisfy { $0 == 7 }, "nothing was written")
        }
    }

    /// Rows of the largest numbers must not make an infinite scale.
    @Test(arguments: formats)
    func largestNumbersStayFinite(name: String) throws {
        let values = (0..<512).map { Float($0 % 3 == 0 ? -65_504 : 65_504) }
        let back = try roundTrip(values, try #require(find(name)))
        for (value, back) in zip(values, back) { #expect(abs(value - back) <= 65_504.0 / 16) }
    }

    // MARK: Helpers

    private func find(_ name: String) -> UnsafePointer<sotto_format>? {
        (0..<sotto_format_count()).compactMap { sotto_format_at($0) }.first { String(cString: $0.pointee.name) == name }
    }

    private func quantize(_ values: [Float], _ format: UnsafePointer<sotto_format>, _ isa: sotto_isa) -> [UInt8]? {
        let blockCount = values.count / Int(format.pointee.block_elements)
        var blocks = [UInt8](repeating: 0, count: blockCount * Int(format.pointee.block_bytes))
        return sotto_quantize(format, isa, values, &blocks, values.count) ? blocks : nil
    }

    private func roundTrip(_ values: [Float], _ format: UnsafePointer<sotto_format>) throws -> [Float] {
        let blocks = try #require(quantize(values, format, sotto_isa_best()))
        var floats = [Float](repeating: 0, count: values.count)
        format.pointee.dequantize(blocks, &floats, floats.count)
        return floats
    }

    private func rootMeanSquare(_ errors: [Double]) -> Double {
        (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
    }
}

/// Golden/quantize.json, made by scripts/golden/quantize.py, and the numbers that it speaks of.
private struct GoldenErrors: Decodable {
    struct Case: Decodable {
        let distribution: String
        let sum: Double
        let rmse: [String: Double]
    }

    let rows: Int
    let cols: Int
    let seed: UInt64
    let cases: [Case]

    static func load() throws -> GoldenErrors {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/quantize.json")
        return try JSONDecoder().decode(GoldenErrors.self, from: Data(contentsOf: url))
    }

    func values(_ distribution: String) throws -> [Float] {
        let value = try #require(Self.distributions[distribution])
        var random = GoldenRandom(state: seed)
        return (0..<rows * cols).map { Float(value(&random, $0)) }
    }

    private static let distributions: [String: @Sendable (inout GoldenRandom, Int) -> Double] = [
        "gaussian": { random, _ in random.bell() * 0.02 },
        "heavy tails": { random, _ in random.bell() * 0.02 / (random.uniform() + 0.01) },
        "outliers": { random, _ in random.bell() * (random.uniform() < 0.01 ? 5 : 0.02) },
        "sparse": { random, _ in random.bell() * (random.uniform() < 0.1 ? 1 : 0) },
        "uniform": { random, _ in random.uniform() * 2 - 1 },
        "all positive": { random, _ in random.bell() * 0.1 + 3 },
        "all negative": { random, _ in random.bell() * 0.1 - 3 },
        "alternating signs": { _, index in index % 2 == 0 ? 0.5 : -0.5 },
        "constant": { _, _ in 0.37 },
        "negative constant": { _, _ in -0.37 },
        "zeros": { _, _ in 0 },
        "tiny": { random, _ in random.bell() * 1e-6 },
        "denormal": { random, _ in random.bell() * 1e-40 },
        "large": { random, _ in random.bell() * 15_000 },
    ]
}

/// The generator of scripts/golden/quantize.py, in the same arithmetic.
private struct GoldenRandom {
    var state: UInt64

    /// A number of 24 bits in 0..<1 (SplitMix64).
    mutating func uniform() -> Double {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return Double((z ^ (z >> 31)) >> 40) / 16_777_216
    }

    /// Deviation 1, as a sum of four uniform numbers.
    mutating func bell() -> Double { (uniform() + uniform() + uniform() + uniform() - 2) * 1.75 }
}
