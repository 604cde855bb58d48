import CKernels
import Testing

/// A format that an instruction set of this machine interleaves.
struct InterleavedFormat: Sendable, CustomTestStringConvertible {
    let isa: sotto_isa
    let label: String

    var testDescription: String { "\(String(cString: sotto_isa_name(isa))) \(label)" }

    static let all: [InterleavedFormat] = [
        (SOTTO_ISA_AVX512, avx2 + ["Q8_0"]), (SOTTO_ISA_AVX2, avx2), (SOTTO_ISA_AVX_VNNI, avx2),
    ].filter { sotto_isa_available($0.0) }.flatMap { isa, labels in
        labels.map { InterleavedFormat(isa: isa, label: $0) }
    }
    private static let avx2 = ["Q4_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS", "MXFP4"]

    /// One per instruction set, of blocks of 32.
    static let ofQ4 = all.filter { $0.label == "Q4_0" }

    func find() throws -> sotto_format { try #require(formats.first { $0.label == label }) }
}

@Suite(.enabled(if: !InterleavedFormat.all.isEmpty)) struct InterleaveTests {
    /// Copies are made while a model is in use, so they must not change a reply: neither for one token, nor for a draft,
    /// nor for a prompt.
    @Test(arguments: InterleavedFormat.all)
    func copiesGiveTheSameBits(_ interleaved: InterleavedFormat) throws {
        let format = try interleaved.find()
        var random = Random(state: 31)
        let compute = try #require(Compute(threads: 3, isa: interleaved.isa))
        // An odd number of panels and of chunks, and matrices of a single one.
        for (rows, cols) in [(16, 256), (48, 768), (208, 1280)] {
            let weights = Weights(format, rows: rows, cols: cols, using: &random)
            let copy = try #require(InterleavedCopy(of: weights, on: compute))
            let x = random.normals(64 * cols), bias = random.normals(rows)
            for tokens in [1, 2, 3, 4, 5, 6, 7, 8, 9, 17, 64] {
                let expected = weights.project(x, tokens: tokens, bias: bias, on: compute)
                let out = weights.project(x, tokens: tokens, bias: bias, as: copy.matrix, on: compute)
                let differing = zip(out, expected).count { $0 != $1 }
                #expect(differing == 0, "\(rows) rows, \(cols) columns, \(tokens) tokens")
            }
        }
    }

    /// Scales of any bits: negative, denormal, infinite, NaN.
    @Test(arguments: InterleavedFormat.all)
    func copiesOfArbitraryBytesGiveTheSameBits(_ interleaved: InterleavedFormat) throws {
        let format = try interleaved.find()
        var random = Random(state: 32), bytes = Random(state: 36)
        let compute = try #require(Compute(threads: 1, isa: interleaved.isa))
        let weights = Weights(format, rows: 512, cols: 256, using: &random) { blocks in
            for i in blocks.indices { blocks[i] = .random(in: 0...255, using: &bytes) }
        }
        let copy = try #require(InterleavedCopy(of: weights, on: compute))
        let bias = [Float](repeating: 0, count: 512)
        for tokens in [1, 4, 12] {
            let x = random.normals(tokens * 256)
            let expected = weights.project(x, tokens: tokens, bias: bias, on: compute)
            let out = weights.project(x, tokens: tokens, bias: bias, as: copy.matrix, on: compute)
            let differing = zip(out, expected).count { $0 != $1 && !($0.isNaN && $1.isNaN) }
            #expect(differing == 0, "\(tokens) tokens")
            let finite = out.count { $0.isFinite }
            #expect(finite > 0)
        }
    }

    /// MXFP4 has no invalid scales.
    @Test(arguments: InterleavedFormat.all.filter { $0.label != "MXFP4" })
    func invalidScalesAffectOnlyTheirRow(_ interleaved: InterleavedFormat) throws {
        let format = try interleaved.find()
        var random = Random(state: 33)
        let weights = Weights(format, rows: 16, cols: 256, using: &random) { blocks in
            for i in blocks.count / 16 * 5..<blocks.count / 16 * 6 { blocks[i] = 0xff }
        }
        let compute = try #require(Compute(isa: interleaved.isa))
        let copy = try #require(InterleavedCopy(of: weights, on: compute))
        let bias = [Float](repeating: 0, count: 16)
        for tokens in [1, 6, 14] {
            let out = weights.project(
                random.normals(tokens * 256), tokens: tokens, bias: bias, as: copy.matrix, on: compute)
            for (i, value) in out.enumerated() { #expect(value.isNaN == (i % 16 == 5)) }
        }
    }

    /// Matrices that share an input may be copies or originals.
    @Test(arguments: InterleavedFormat.ofQ4)
    func copiesShareTheirInputWithOriginals(_ interleaved: InterleavedFormat) throws {
        var random = Random(state: 34)
        let compute = try #require(Compute(threads: 2, isa: interleaved.isa))
        let first = Weights(try interleaved.find(), rows: 32, cols: 512, using: &random)
        let second = Weights(try interleaved.find(), rows: 32, cols: 512, using: &random)
        let copy = try #require(InterleavedCopy(of: first, on: compute))
        for tokens in [1, 8, 20] {
            let x = random.normals(tokens * 512), bias = [Float](repeating: 0, count: 32)
            var out = [Float](repeating: .nan, count: tokens * 96)
            out.withUnsafeMutableBufferPointer { out in
                let projections = [copy.matrix, second.matrix, first.matrix].enumerated().map { index, matrix in
                    sotto_projection(
                        weights: matrix, bias: nil, out: out.baseAddress.map { $0 + 32 * index }, out_stride: 96,
                        experts: nil)
                }
                #expect(sotto_project(compute.raw, x, 512, Int64(tokens), projections, 3))
            }
            let expected = [first, second, first].map {
                $0.project(x, tokens: tokens, bias: bias, on: compute)
            }
            for token in 0..<tokens {
                for (index, product) in expected.enumerated() {
                    let start = token * 96 + 32 * index
                    #expect(out[start..<start + 32] == product[token * 32..<token * 32 + 32])
                }
            }
        }
    }

    @Test(arguments: InterleavedFormat.ofQ4)
    func onlyWholeStripesHaveAnInterleavedForm(_ interleaved: InterleavedFormat) throws {
        var random = Random(state: 35)
        let compute = try #require(Compute(isa: interleaved.isa))
        let format = try interleaved.find()
        for (rows, cols) in [(17, 256), (16, 288)] {
            let matrix = Weights(format, rows: rows, cols: cols, using: &random).matrix
            #expect(withUnsafePointer(to: matrix) { sotto_interleaved_format(interleaved.isa, $0) } == nil)
        }
        let f16 = Weights(try #require(sotto_format_find(1)?.pointee), rows: 16, cols: 256, using: &random)
        #expect(InterleavedCopy(of: f16, on: compute) == nil)
        let portable = try #require(Compute(isa: SOTTO_ISA_PORTABLE))
        let weights = Weights(format, rows: 16, cols: 256, using: &random)
        #expect(InterleavedCopy(of: weights, on: portable) == nil)
        // A copy has none itself.
        let copy = try #require(InterleavedCopy(of: weights, on: compute))
        #expect(withUnsafePointer(to: copy.matrix) { sotto_interleaved_format(interleaved.isa, $0) } == nil)
    }
}

/// An interleaved copy of a matrix.
final class InterleavedCopy {
    let matrix: sotto_matrix
    private let bytes: UnsafeMutableRawPointer

    init?(of weights: Weights, on compute: Compute) {
        var original = weights.matrix
        guard let format = sotto_interleaved_format(compute.isa, &original) else { return nil }
        let blocks = weights.rows * weights.cols / Int(format.pointee.block_elements)
        bytes = .allocate(byteCount: blocks * Int(format.pointee.block_bytes), alignment: 64)
        sotto_interleave(compute.raw, &original, bytes)
        matrix = sotto_matrix(format: format, data: bytes, rows: original.rows, cols: original.cols)
    }

    deinit { bytes.deallocate() }
}
