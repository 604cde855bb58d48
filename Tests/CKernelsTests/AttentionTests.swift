import CKernels
import Foundation
import Testing

/// An attention case: shapes and the positions of the queries.
struct AttentionCase: CustomTestStringConvertible, Sendable {
    var heads = 6, kvHeads = 2, headDim = 64, valueDim = 64
    var tokens = 1, first = 0, window = 0
    var softCap: Float = 0
    var threads: Int32 = 2

    var testDescription: String {
        "\(heads)/\(kvHeads) heads of \(headDim)/\(valueDim), \(tokens) tokens from \(first), "
            + "window \(window), cap \(softCap)"
    }

    static let all = [
        AttentionCase(),
        AttentionCase(tokens: 1, first: 700),
        AttentionCase(heads: 4, kvHeads: 1, headDim: 256, valueDim: 256, tokens: 3, first: 300, window: 128),
        AttentionCase(tokens: 40, first: 0, softCap: 5, threads: 3),
        AttentionCase(tokens: 37, first: 133, window: 50, softCap: 20, threads: 1),
        AttentionCase(heads: 3, kvHeads: 3, headDim: 80, valueDim: 48, tokens: 19, first: 5),
        AttentionCase(heads: 2, kvHeads: 1, headDim: 24, valueDim: 40, tokens: 2, first: 63, window: 7),
    ]
    /// A few query rows, which use cache rows directly in tiles of four rows, keys and vectors: every remainder of each,
    /// sizes that are not multiples of vectors and blocks, and a history in one part and in many.
    static let fewRows = [
        AttentionCase(heads: 1, kvHeads: 1, headDim: 1, valueDim: 1, first: 2),
        AttentionCase(heads: 2, kvHeads: 1, headDim: 24, valueDim: 40, first: 64),
        AttentionCase(heads: 9, kvHeads: 3, first: 1_023),
        AttentionCase(heads: 9, kvHeads: 3, headDim: 72, valueDim: 136, first: 4_095, softCap: 3, threads: 3),
        AttentionCase(heads: 4, kvHeads: 1, headDim: 256, valueDim: 256, first: 1_500, window: 512),
        AttentionCase(heads: 5, kvHeads: 1, headDim: 33, valueDim: 31, first: 129, window: 66, softCap: 10),
        AttentionCase(heads: 14, kvHeads: 2, headDim: 64, valueDim: 96, first: 300, threads: 5),
        AttentionCase(heads: 4, kvHeads: 1, headDim: 80, valueDim: 80, tokens: 4, first: 997, window: 100),
        AttentionCase(heads: 3, kvHeads: 1, tokens: 4, first: 0, threads: 1),
    ]
}

@Suite struct AttentionTests {
    /// Softmax over all visible keys at once, in double precision.
    private func reference(_ c: AttentionCase, q: [Float], k: [Float], v: [Float]) -> [Double] {
        var out = [Double](repeating: 0, count: c.tokens * c.heads * c.valueDim)
        for token in 0..<c.tokens {
            for head in 0..<c.heads {
                let kvHead = head / (c.heads / c.kvHeads)
                let position = c.first + token
                let seen = (c.window > 0 ? max(0, position - c.window + 1) : 0)...position
                let weights = seen.map { key -> Double in
                    var score = 0.0
                    for i in 0..<c.headDim {
                        let query = q[(token * c.heads + head) * c.headDim + i]
                        score += Double(query) * Double(k[(key * c.kvHeads + kvHead) * c.headDim + i])
                    }
                    score /= Double(c.headDim).squareRoot()
                    return exp(c.softCap > 0 ? Double(c.softCap) * tanh(score / Double(c.softCap)) : score)
                }
                let total = weights.reduce(0, +)
                for (key, weight) in zip(seen, weights) {
                    for i in 0..<c.valueDim {
                        out[(token * c.heads + head) * c.valueDim + i] +=
                            weight / total * Double(v[(key * c.kvHeads + kvHead) * c.valueDim + i])
                    }
                }
            }
        }
        return out
    }

    private func attend(
        _ c: AttentionCase, _ type: sotto_kv_type, isa: sotto_isa, q: [Float], k: [Float], v: [Float]
    ) throws -> [Float] {
        let compute = try #require(Compute(threads: c.threads, isa: isa))
        let positions = c.first + c.tokens, capacity = positions + 9
        func cache(_ x: [Float], _ size: Int) -> [UInt8] {
            let rowBytes = sotto_kv_row_bytes(type, Int64(size))
            // 0xff is NaN in every type: slots past the last position must not be read.
            var bytes = [UInt8](repeating: 0xff, count: c.kvHeads * capacity * rowBytes)
            let stride = c.kvHeads * size
            sotto_kv_store(
                compute.raw, type, x, Int64(positions / 2), Int64(stride), Int64(c.kvHeads), Int64(size), &bytes,
                Int64(capacity), 0)
            sotto_kv_store(
                compute.raw, type, Array(x.dropFirst(positions / 2 * stride)), Int64(positions - positions / 2),
                Int64(stride), Int64(c.kvHeads), Int64(size), &bytes, Int64(capacity), Int64(positions / 2))
            return bytes
        }
        let keys = cache(k, c.headDim), values = cache(v, c.valueDim)
        var out = [Float](repeating: .nan, count: c.tokens * c.heads * c.valueDim)
        q.withUnsafeBufferPointer { q in
            keys.withUnsafeBytes { keys in
                values.withUnsafeBytes { values in
                    out.withUnsafeMutableBufferPointer { out in
                        var attention = sotto_attention(
                            q: q.baseAddress, q_stride: Int64(c.heads * c.headDim), keys: keys.baseAddress,
                            values: values.baseAddress, kv_type: type, out: out.baseAddress,
                            out_stride: Int64(c.heads * c.valueDim), tokens: Int64(c.tokens), first: Int64(c.first),
                            heads: Int64(c.heads), kv_heads: Int64(c.kvHeads), head_dim: Int64(c.headDim),
                            value_dim: Int64(c.valueDim), capacity: Int64(capacity), window: Int64(c.window),
                            scale: 1 / Float(c.headDim).squareRoot(), soft_cap: c.softCap)
                        let done = sotto_attend(compute.raw, &attention)
                        #expect(done)
                        // Memory is predicted before a model is loaded; whole pages are allocated.
                        let predicted = sotto_attend_scratch_bytes(&attention, Int32(c.threads))
                        #expect(sotto_compute_scratch_bytes(compute.raw) <= predicted + 4095)
                    }
                }
            }
        }
        return out
    }

    /// The allowed error of storing the cache in this type.
    private func tolerance(_ type: sotto_kv_type) -> Double {
        switch type {
        case SOTTO_KV_F32: 1e-11
        case SOTTO_KV_F16: 1e-6
        default: 3e-4
        }
    }

    @Test(arguments: AttentionCase.all + AttentionCase.fewRows, paths)
    func matchesNaiveSoftmax(_ c: AttentionCase, isa: sotto_isa) throws {
        var random = Random(state: 21)
        let positions = c.first + c.tokens
        let q = random.normals(c.tokens * c.heads * c.headDim)
        let k = random.normals(positions * c.kvHeads * c.headDim)
        let v = random.normals(positions * c.kvHeads * c.valueDim)
        let expected = reference(c, q: q, k: k, v: v)
        for type in [SOTTO_KV_F32, SOTTO_KV_F16, SOTTO_KV_Q8_0] {
            let out = try attend(c, type, isa: isa, q: q, k: k, v: v)
            let error = normalisedError(out, expected)
            #expect(error < tolerance(type), "cache type \(type.rawValue): \(error)")
        }
    }

    /// Scores far apart: the running maximum must change without overflow or loss.
    @Test(arguments: paths)
    func handlesLargeScores(isa: sotto_isa) throws {
        var random = Random(state: 22)
        let c = AttentionCase(heads: 2, kvHeads: 1, headDim: 32, valueDim: 32, tokens: 20, first: 200)
        let q = random.normals(c.tokens * c.heads * c.headDim).map { $0 * 30 }
        let k = random.normals((c.first + c.tokens) * c.headDim)
        let v = random.normals((c.first + c.tokens) * c.valueDim)
        let out = try attend(c, SOTTO_KV_F32, isa: isa, q: q, k: k, v: v)
        #expect(normalisedError(out, reference(c, q: q, k: k, v: v)) < 1e-9)
    }

    @Test(arguments: paths)
    func resultsDoNotDependOnThreadCount(isa: sotto_isa) throws {
        var random = Random(state: 23)
        for (tokens, first) in [(1, 40), (1, 900), (4, 5_000), (50, 10)] {
            var c = AttentionCase(heads: 4, kvHeads: 1, tokens: tokens, first: first)
            let q = random.normals(c.tokens * c.heads * c.headDim)
            let k = random.normals((first + tokens) * c.headDim), v = random.normals((first + tokens) * c.valueDim)
            let results = try ([1, 2, 2, 5] as [Int32]).map { threads in
                c.threads = threads
                return try attend(c, SOTTO_KV_F16, isa: isa, q: q, k: k, v: v)
            }
            #expect(results.allSatisfy { $0 == results[0] })
        }
    }

    /// Other tokens in a pass change no bit of a query's result: at the bounds of blocks and parts of the history, at the
    /// start of sliding windows, with and without transposed blocks.
    @Test(arguments: paths)
    func resultsAreBatchInvariant(isa: sotto_isa) throws {
        var random = Random(state: 24)
        let compute = try #require(Compute(isa: isa))
        for (heads, kvHeads, window) in [(6, 2, 0), (4, 1, 40), (8, 1, 512), (40, 1, 100)] {
            let most = Int(sotto_batch_invariant_tokens(compute.raw, Int64(heads / kvHeads)))
            #expect(most > 1)
            for last in [7, 31, 32, 33, 64, 130, 540, 1_024, 1_026, 2_050] {
                var c = AttentionCase(heads: heads, kvHeads: kvHeads, headDim: 24, valueDim: 40, window: window)
                let q = random.normals(most * heads * c.headDim)
                let k = random.normals((last + 1) * kvHeads * c.headDim)
                let v = random.normals((last + 1) * kvHeads * c.valueDim)
                (c.tokens, c.first) = (most, last + 1 - most)
                let together = try attend(c, SOTTO_KV_F16, isa: isa, q: q, k: k, v: v)
                for token in 0..<most {
                    (c.tokens, c.first) = (1, last + 1 - most + token)
                    let alone = try attend(
                        c, SOTTO_KV_F16, isa: isa, q: Array(q[(token * heads * c.headDim)...]),
                        k: Array(k[..<((c.first + 1) * kvHeads * c.headDim)]),
                        v: Array(v[..<((c.first + 1) * kvHeads * c.valueDim)]))
                    #expect(alone[...] == together[(token * alone.count)..<((token + 1) * alone.count)])
                }
            }
        }
    }
}
