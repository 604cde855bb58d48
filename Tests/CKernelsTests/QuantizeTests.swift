import CKernels
import Foundation
import Testing

/// Quantizing weights, compared with the reference quantizers' error on the same numbers.
@Suite struct QuantizeTests {
    static let formats = [
        "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL",
        "IQ4_XS",
        "MXFP4",
    ]

    /// Weighted as both quantizers do; see scripts/golden/quantize.py.
    @Test(arguments: formats)
    func errorIsNoWorseThanTheReference(name: String) throws {
        let golden = try GoldenErrors.load()
        let format = try #require(find(name))
        for row in golden.cases {
            let values = try golden.values(row.distribution)
            let sum = values.reduce(0) { $0 + Double($1) }
            #expect(abs(sum - row.sum) <= 1e-6 * abs(row.sum), "same numbers as the reference")
            let reference = try #require(row.errors[name])
            let error = weightedError(try roundTrip(values, format), values, group: groupSize(name))
            // The precision of a scale in half precision.
            #expect(error <= reference * 1.001 + rootMeanSquare(values) / 2048, "\(row.distribution)")
        }
    }

    /// With importance, both searches sometimes miss the best scale for unusual numbers, not always in the same places.
    @Test(arguments: formats)
    func errorWithImportanceIsAboutThatOfTheReference(name: String) throws {
        let golden = try GoldenErrors.load()
        let format = try #require(find(name))
        let importance = golden.importance
        for row in golden.cases {
            let values = try golden.values(row.distribution)
            let reference = try #require(row.errorsWithImportance[name])
            let back = try roundTrip(values, format, importance: importance)
            let error = weightedError(back, values, group: groupSize(name), importance: importance)
            #expect(error <= reference * 1.04 + rootMeanSquare(values) / 256, "\(row.distribution)")
        }
    }

    @Test(arguments: formats.filter { !["F16", "BF16"].contains($0) })
    func importanceReducesTheErrorThatCounts(name: String) throws {
        let golden = try GoldenErrors.load()
        let format = try #require(find(name))
        let (importance, values) = (golden.importance, try golden.values("gaussian"))
        let errors = [nil, importance].map { given -> Double in
            guard let back = try? roundTrip(values, format, importance: given) else { return .infinity }
            return weightedError(back, values, group: groupSize(name), importance: importance)
        }
        #expect(errors[1] < errors[0])
    }

    /// Columns that nothing is multiplied with, and numbers that differ by many orders of magnitude.
    @Test(arguments: formats)
    func anyImportanceIsUsable(name: String) throws {
        let golden = try GoldenErrors.load()
        let format = try #require(find(name))
        let values = try golden.values("gaussian")
        let patterns: [(Int) -> Float] = [
            { _ in 0 }, { $0 % 7 == 0 ? 1 : 0 }, { $0 % 2 == 0 ? 3e38 : 1e-38 }, { _ in 0x1p-149 },
        ]
        for pattern in patterns {
            let back = try roundTrip(values, format, importance: (0..<golden.cols).map(pattern))
            #expect(back.allSatisfy { abs($0) < 0.2 })
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
            let weighted = try #require(quantize(values, format, SOTTO_ISA_PORTABLE, importance: golden.importance))
            for isa in paths {
                #expect(quantize(values, format, isa, importance: golden.importance) == weighted, "\(row.distribution)")
            }
        }
    }

    @Test(arguments: formats)
    func exactlyRepresentableValuesRoundTrip(name: String) throws {
        let format = try #require(find(name))
        let values = (0..<512).map { Float($0 % 2 == 0 ? 1 : -1) * ($0 % 32 == 0 ? 1 : 0) }
        // These have no zero: the nearest of their numbers is 1, and the largest 127.
        let limit: Float = name.hasPrefix("IQ4") ? 1.0 / 120 : 1.0 / 256
        for (value, back) in zip(values, try roundTrip(values, format)) { #expect(abs(value - back) <= limit) }
        #expect(try roundTrip([Float](repeating: 0, count: 512), format).allSatisfy { $0 == 0 })
    }

    /// 255 levels: no number is off by more than half a step, plus a little for the scale's rounding.
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
    func rejectsValuesThatDoNotFit(name: String) throws {
        let format = try #require(find(name))
        let tooLarge: Float = name == "BF16" ? .greatestFiniteMagnitude : 65_536
        for value in [Float.nan, .infinity, -.infinity, tooLarge] {
            var values = [Float](repeating: 0.5, count: 512)
            values[300] = value
            var blocks = [UInt8](repeating: 7, count: 4096)
            #expect(!sotto_quantize(format, sotto_isa_best(), values, nil, &blocks, values.count))
            #expect(blocks.allSatisfy { $0 == 7 }, "nothing is written")
        }
    }

    /// Rows of the largest numbers must not produce an infinite scale.
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

    /// - Parameter importance: of each column; `values` are rows of as many.
    private func quantize(
        _ values: [Float], _ format: UnsafePointer<sotto_format>, _ isa: sotto_isa, importance: [Float]? = nil
    ) -> [UInt8]? {
        let cols = importance?.count ?? values.count
        let rowBytes = cols / Int(format.pointee.block_elements) * Int(format.pointee.block_bytes)
        var bytes: [UInt8] = []
        for first in stride(from: 0, to: values.count, by: cols) {
            var blocks = [UInt8](repeating: 0, count: rowBytes)
            let row = Array(values[first..<first + cols])
            guard sotto_quantize(format, isa, row, importance, &blocks, cols) else { return nil }
            bytes += blocks
        }
        return bytes
    }

    private func roundTrip(
        _ values: [Float], _ format: UnsafePointer<sotto_format>, importance: [Float]? = nil
    ) throws -> [Float] {
        let blocks = try #require(quantize(values, format, sotto_isa_best(), importance: importance))
        var floats = [Float](repeating: 0, count: values.count)
        format.pointee.dequantize(blocks, &floats, floats.count)
        return floats
    }

    /// How many values share a scale.
    private func groupSize(_ name: String) -> Int { ["Q2_K", "Q3_K", "Q6_K"].contains(name) ? 16 : 32 }

    private func weightedError(
        _ back: [Float], _ values: [Float], group: Int, importance: [Float]? = nil
    ) -> Double {
        var (sum, total) = (0.0, 0.0)
        for first in stride(from: 0, to: values.count, by: group) {
            let root = rootMeanSquare(Array(values[first..<first + group]))
            for index in first..<first + group {
                let factor = importance.map { Double($0[index % $0.count]) } ?? 1
                let weight = (abs(Double(values[index])) + root) * factor
                let error = Double(back[index]) - Double(values[index])
                sum += weight * error * error
                total += weight
            }
        }
        return total > 0 ? (sum / total).squareRoot() : 0
    }

    private func rootMeanSquare(_ values: [Float]) -> Double {
        (values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)).squareRoot()
    }
}

/// Golden/quantize.json, generated by scripts/golden/quantize.py, and the numbers that it is about.
private struct GoldenErrors: Decodable {
    struct Case: Decodable {
        let distribution: String
        let sum: Double
        let errors: [String: Double]
        let errorsWithImportance: [String: Double]
    }

    let rows: Int
    let cols: Int
    let seed: UInt64
    let cases: [Case]

    static func load() throws -> GoldenErrors {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/quantize.json")
        return try JSONDecoder().decode(GoldenErrors.self, from: Data(contentsOf: url))
    }

    /// Of each column: most matter little, some a lot.
    var importance: [Float] {
        var random = GoldenRandom(state: seed + 1)
        return (0..<cols).map { _ in Float(pow(random.uniform(), 4) + 0.01) }
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

/// The generator of scripts/golden/quantize.py, with the same arithmetic.
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

    /// Standard deviation 1: a sum of four uniform numbers.
    mutating func bell() -> Double { (uniform() + uniform() + uniform() + uniform() - 2) * 1.75 }
}
