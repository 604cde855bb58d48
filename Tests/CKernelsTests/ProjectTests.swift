import CKernels
import Foundation
import Testing

@Suite struct ProjectTests {
    @Test(arguments: formats.map(\.label), paths)
    func agreesWithDoublePrecision(label: String, isa: sotto_isa) throws {
        let format = try #require(formats.first { $0.label == label })
        var random = Random(state: 11)
        for cols in Weights.oddCols(format) {
            let weights = Weights(format, rows: 37, cols: cols, using: &random)
            let x = random.normals(64 * cols), bias = random.normals(weights.rows)
            let expected = weights.product(x, tokens: 64, bias: bias)
            for (tokens, threads) in zip([1, 2, 3, 4, 5, 7, 8, 17, 64], [1, 2, 3, 1, 2, 3, 1, 2, 3] as [Int32]) {
                let compute = try #require(Compute(threads: threads, isa: isa))
                let out = weights.project(x, tokens: tokens, bias: bias, on: compute)
                let error = normalisedError(out, Array(expected.prefix(out.count)))
                #expect(error < weights.tolerance, "\(cols) columns, \(tokens) tokens: \(error)")
            }
        }
    }

    /// gemv and gemm use the same quantized activations, so they can only differ by rounding.
    @Test(arguments: formats.map(\.label), paths)
    func everyPathAndTokenCountAgreesWithThePortablePath(label: String, isa: sotto_isa) throws {
        let format = try #require(formats.first { $0.label == label })
        var random = Random(state: 12)
        let weights = Weights(format, rows: 33, cols: 768, using: &random)
        let x = random.normals(20 * 768), bias = random.normals(33)
        let reference = try #require(Compute(threads: 1, isa: SOTTO_ISA_PORTABLE))
        let expected = weights.project(x, tokens: 1, bias: bias, on: reference)
        let compute = try #require(Compute(isa: isa))
        for tokens in [1, 4, 5, 20] {
            let out = weights.project(x, tokens: tokens, bias: bias, on: compute)
            let error = normalisedError(Array(out.prefix(33)), expected.map(Double.init))
            #expect(error < 1e-11)
        }
    }

    /// The largest bytes times the largest activations, with scales of one: every sum is an integer that fits in a
    /// float, so the result must be exact. Fails if a path saturates or misreads a sign bit.
    @Test(arguments: paths)
    func theLargestBytesAreExact(isa: sotto_isa) throws {
        let q8 = try #require(sotto_format_find(8)?.pointee)
        var random = Random(state: 16)
        let weights = Weights(q8, rows: 37, cols: 576, using: &random) { blocks in
            for i in blocks.indices {
                blocks[i] =
                    switch i % Int(q8.block_bytes) {
                    case 0: 0x00
                    case 1: 0x3c  // together with the byte before it: 1.0 in half precision
                    default: [0x80, 0x7f, 0xff][i * 7 / 5 % 3]
                    }
            }
        }
        let x = (0..<20 * 576).map { _ in Bool.random(using: &random) ? Float(127) : -127 }
        let bias = [Float](repeating: 0, count: 37)
        let expected = weights.product(x, tokens: 20, bias: bias)
        let compute = try #require(Compute(isa: isa))
        for tokens in [1, 4, 5, 20] {
            let out = weights.project(x, tokens: tokens, bias: bias, on: compute)
            #expect(out.map(Double.init) == Array(expected.prefix(out.count)))
        }
    }

    /// The same for all formats: bytes of ones and of zeros are often the largest weights, and a run of them must not
    /// overflow sums of 16 bits. Activations are exact, so only sums round.
    @Test(arguments: formats.map(\.label), paths)
    func sumsOfLargeWeightsFit(label: String, isa: sotto_isa) throws {
        let format = try #require(formats.first { $0.label == label })
        var random = Random(state: 17)
        let compute = try #require(Compute(isa: isa))
        for bytes: [UInt8] in [[0xff], [0x00], [0x00, 0xff]] {
            let weights = Weights(format, rows: 37, cols: 768, of: bytes, using: &random)
            guard weights.values.contains(where: { $0 != 0 }) else { continue }
            var x = (0..<12 * 768).map { _ in Bool.random(using: &random) ? Float(127) : -127 }
            for i in 0..<768 { (x[i], x[768 + i]) = (127, -127) }
            let bias = [Float](repeating: 1, count: 37)
            let expected = weights.product(x, tokens: 12, bias: bias)
            for tokens in [1, 4, 12] {
                let out = weights.project(x, tokens: tokens, bias: bias, on: compute)
                let error = normalisedError(out, Array(expected.prefix(out.count)))
                #expect(error < 1e-10, "\(bytes), \(tokens) tokens: \(error)")
            }
        }
    }

    /// The engine chooses by measurement, so the choice must not change a reply.
    @Test(arguments: formats.map(\.label), paths)
    func prefetchingDoesNotChangeAnyBit(label: String, isa: sotto_isa) throws {
        let format = try #require(formats.first { $0.label == label })
        var random = Random(state: 21)
        let weights = Weights(format, rows: 21, cols: 768, using: &random)
        let x = random.normals(4 * 768), bias = random.normals(21)
        let compute = try #require(Compute(isa: isa))
        for tokens in [1, 4] {
            let standard = weights.project(x, tokens: tokens, bias: bias, on: compute)
            for target in [SOTTO_PREFETCH_NONE, SOTTO_PREFETCH_L1, SOTTO_PREFETCH_L2] {
                for distance: Int32 in [0, 4096, 1 << 20] {
                    let other = try #require(Compute(isa: isa))
                    sotto_compute_set_prefetch(other.raw, sotto_prefetch(target: target, distance: distance))
                    #expect(weights.project(x, tokens: tokens, bias: bias, on: other) == standard)
                }
            }
        }
    }

    @Test(arguments: paths)
    func projectionsShareTheirInput(isa: sotto_isa) throws {
        var random = Random(state: 13)
        let compute = try #require(Compute(threads: 3, isa: isa))
        let cols = 512
        let group = try [(12, 70), (8, 17), (0, 5), (14, 130)].map { id, rows in
            Weights(try #require(sotto_format_find(UInt32(id))?.pointee), rows: rows, cols: cols, using: &random)
        }
        let stride = group.map(\.rows).reduce(0, +)
        for tokens in [1, 9, 600] {
            let x = random.normals(tokens * cols)
            var out = [Float](repeating: .nan, count: tokens * stride)
            out.withUnsafeMutableBufferPointer { out in
                var start = 0
                let projections = group.map { weights in
                    defer { start += weights.rows }
                    return sotto_projection(
                        weights: weights.matrix, bias: nil, out: out.baseAddress.map { $0 + start },
                        out_stride: Int64(stride), experts: nil)
                }
                let done = sotto_project(compute.raw, x, Int64(cols), Int64(tokens), projections, Int32(group.count))
                #expect(done)
            }
            let last = tokens - 1
            var start = 0
            for weights in group {
                let bias = [Float](repeating: 0, count: weights.rows)
                let expected = weights.product(Array(x.suffix(cols)), tokens: 1, bias: bias)
                let part = Array(out[last * stride + start..<last * stride + start + weights.rows])
                #expect(normalisedError(part, expected) < weights.tolerance)
                start += weights.rows
            }
        }
    }

    @Test(arguments: paths)
    func resultsAreDeterministicForAnyThreadCount(isa: sotto_isa) throws {
        var random = Random(state: 14)
        let format = try #require(sotto_format_find(12)?.pointee)
        let weights = Weights(format, rows: 300, cols: 512, using: &random)
        let x = random.normals(20 * 512), bias = random.normals(300)
        for tokens in [1, 20] {
            let results = try [1, 2, 2, 4, 7].map { threads in
                weights.project(x, tokens: tokens, bias: bias, on: try #require(Compute(threads: threads, isa: isa)))
            }
            #expect(results.allSatisfy { $0 == results[0] })
        }
    }

    /// Speculative decoding relies on this: drafted tokens must not change the results of others.
    @Test(arguments: formats.map(\.label), paths)
    func resultsAreBatchInvariant(label: String, isa: sotto_isa) throws {
        let format = try #require(formats.first { $0.label == label })
        var random = Random(state: 16)
        let compute = try #require(Compute(isa: isa))
        for cols in Weights.oddCols(format) {
            let weights = Weights(format, rows: 70, cols: cols, using: &random)
            let most = Int(sotto_batch_invariant_tokens(compute.raw, 1))
            let x = random.normals(most * cols), bias = random.normals(weights.rows)
            let alone = (0..<most).flatMap {
                weights.project(Array(x[($0 * cols)...]), tokens: 1, bias: bias, on: compute)
            }
            for tokens in 1...most {
                let together = weights.project(x, tokens: tokens, bias: bias, on: compute)
                #expect(together[...] == alone[..<(tokens * weights.rows)], "\(cols) columns, \(tokens) tokens")
            }
        }
    }

    /// A hostile file can make every scale infinite or NaN. Results are then useless, but memory stays safe, and the
    /// rows next to an invalid one are unaffected. (Integers and the scales of some formats have no such values.)
    @Test(arguments: formats.map(\.label), paths)
    func invalidScalesAffectOnlyTheirRow(label: String, isa: sotto_isa) throws {
        let format = try #require(formats.first { $0.label == label })
        var random = Random(state: 15)
        let (rows, cols) = (3, [64, 128, 256].contains(format.block_elements) ? 256 : 288)
        let weights = Weights(format, rows: rows, cols: cols, using: &random) { blocks in
            for i in blocks.count / 3..<blocks.count / 3 * 2 { blocks[i] = 0xff }
        }
        let isInvalid = weights.values[cols..<2 * cols].contains { $0.isNaN }
        let compute = try #require(Compute(isa: isa))
        let bias = [Float](repeating: 0, count: rows)
        for tokens in [1, 6, 14] {
            let out = weights.project(random.normals(tokens * cols), tokens: tokens, bias: bias, on: compute)
            for token in 0..<tokens {
                #expect(out[token * rows].isFinite)
                #expect(!isInvalid || out[token * rows + 1].isNaN)
                #expect(out[token * rows + 2].isFinite)
            }
        }
    }
}
