import CKernels
import Foundation
import Testing

/// An attention case: shapes and the positions of the queries.
struct AttentionCase: CustomTestStringConvertible, Sendable {
    var heads = 6, kvHeads = 2, headDim = 64, valueDim = 64
    var tokens = 1, first = 0, window = 0, chunk = 0
    var softCap: Float = 0
    /// Whether heads have biases by distance and sinks: see `slope(of:)` and `sink(of:)`.
    var slopes = false, sinks = false
    var threads: Int32 = 2

    var testDescription: String {
        "\(heads)/\(kvHeads) heads of \(headDim)/\(valueDim), \(tokens) tokens from \(first), "
            + "window \(window), chunk \(chunk), cap \(softCap), slopes \(slopes), sinks \(sinks)"
    }

    func slope(of head: Int) -> Float { Float(head + 1) / 16 }

    /// Far below, about as large as and far above the other scores.
    func sink(of head: Int) -> Float { [-200, 2, 150, 0.5][head % 4] }

    func seen(from position: Int) -> ClosedRange<Int> {
        let first = max(
            window > 0 ? position - window + 1 : 0, chunk > 0 ? position / chunk * chunk : 0, 0)
        return first...position
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
    /// What some families add to the scores or leave out, each with few and with many query rows, at the bounds of blocks
    /// and with a history in one part and in many; and the largest heads.
    static let variants = [
        AttentionCase(heads: 4, kvHeads: 2, first: 5, sinks: true),
        AttentionCase(heads: 4, kvHeads: 1, headDim: 24, valueDim: 40, first: 2_500, sinks: true),
        AttentionCase(heads: 8, kvHeads: 2, tokens: 45, first: 30, window: 33, sinks: true, threads: 3),
        AttentionCase(heads: 4, kvHeads: 1, tokens: 20, first: 1_300, window: 128, softCap: 7, sinks: true),
        AttentionCase(heads: 4, kvHeads: 4, first: 1_029, slopes: true),
        AttentionCase(heads: 6, kvHeads: 2, tokens: 41, first: 100, softCap: 4, slopes: true, threads: 3),
        AttentionCase(heads: 3, kvHeads: 1, tokens: 2, first: 700, slopes: true, sinks: true),
        AttentionCase(heads: 4, kvHeads: 2, first: 1_023, chunk: 512),
        AttentionCase(heads: 4, kvHeads: 2, first: 1_024, chunk: 512, sinks: true),
        AttentionCase(heads: 4, kvHeads: 2, tokens: 70, first: 90, chunk: 50, threads: 3),
        AttentionCase(heads: 4, kvHeads: 1, tokens: 4, first: 2_998, chunk: 1_000, slopes: true),
        AttentionCase(heads: 4, kvHeads: 1, tokens: 30, first: 80, window: 20, chunk: 96),
        AttentionCase(heads: 2, kvHeads: 1, headDim: 1_024, valueDim: 512, tokens: 1, first: 150),
        AttentionCase(heads: 2, kvHeads: 1, headDim: 576, valueDim: 512, tokens: 20, first: 70),
        AttentionCase(heads: 1, kvHeads: 1, headDim: 129, valueDim: 1_024, tokens: 35, first: 3),
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
                let seen = c.seen(from: position)
                let weights = seen.map { key -> Double in
                    var score = 0.0
                    for i in 0..<c.headDim {
                        let query = q[(token * c.heads + head) * c.headDim + i]
                        score += Double(query) * Double(k[(key * c.kvHeads + kvHead) * c.headDim + i])
                    }
                    score /= Double(c.headDim).squareRoot()
                    if c.softCap > 0 { score = Double(c.softCap) * tanh(score / Double(c.softCap)) }
                    if c.slopes { score += Double(c.slope(of: head)) * Double(key - position) }
                    return exp(score)
                }
                let total = weights.reduce(c.sinks ? exp(Double(c.sink(of: head))) : 0, +)
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
        let slopes = (0..<c.heads).map(c.slope(of:)), sinks = (0..<c.heads).map(c.sink(of:))
        var out = [Float](repeating: .nan, count: c.tokens * c.heads * c.valueDim)
        q.withUnsafeBufferPointer { q in
            keys.withUnsafeBytes { keys in
                values.withUnsafeBytes { values in
                    slopes.withUnsafeBufferPointer { slopes in
                        sinks.withUnsafeBufferPointer { sinks in
                            out.withUnsafeMutableBufferPointer { out in
                                var attention = sotto_attention(
                                    q: q.baseAddress, q_stride: Int64(c.heads * c.headDim), keys: keys.baseAddress,
                                    values: values.baseAddress, kv_type: type, out: out.baseAddress,
                                    out_stride: Int64(c.heads * c.valueDim), tokens: Int64(c.tokens),
                                    first: Int64(c.first), heads: Int64(c.heads), kv_heads: Int64(c.kvHeads),
                                    head_dim: Int64(c.headDim), value_dim: Int64(c.valueDim),
                                    capacity: Int64(capacity), window: Int64(c.window), chunk: Int64(c.chunk),
                                    scale: 1 / Float(c.headDim).squareRoot(), soft_cap: c.softCap,
                                    slopes: c.slopes ? slopes.baseAddress : nil,
                                    sinks: c.sinks ? sinks.baseAddress : nil)
                                let done = sotto_attend(compute.raw, &attention)
                                #expect(done)
                                // Memory is predicted before a model is loaded; whole pages are allocated.
                                let predicted = sotto_attend_scratch_bytes(&attention, Int32(c.threads))
                                #expect(sotto_compute_scratch_bytes(compute.raw) <= predicted + 4095)
                            }
                        }
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

    @Test(arguments: AttentionCase.all + AttentionCase.fewRows + AttentionCase.variants, paths)
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
        for (heads, kvHeads, window, chunk) in [
            (6, 2, 0, 0), (4, 1, 40, 0), (8, 1, 512, 0), (40, 1, 100, 0), (6, 2, 0, 31), (4, 1, 0, 1_025),
            (4, 2, 0, 512),
        ] {
            let most = Int(sotto_batch_invariant_tokens(compute.raw, Int64(heads / kvHeads)))
            #expect(most > 1)
            for last in [7, 31, 32, 33, 64, 130, 540, 1_024, 1_026, 2_050] {
                var c = AttentionCase(
                    heads: heads, kvHeads: kvHeads, headDim: 24, valueDim: 40, window: window, chunk: chunk,
                    slopes: chunk > 0, sinks: kvHeads == 2)
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
