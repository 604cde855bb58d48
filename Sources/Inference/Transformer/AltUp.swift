import CKernels

/// Parallel residual streams, of which only the first runs through a layer; the others are predicted before it and
/// corrected after it. (Baykal et al. 2023, "Alternating updates for efficient transformers"; Gemma 3n)
///
/// N is the number of streams, E the hidden size. The first is in `residual`; the others are in `streams`, one after the
/// other, [N − 1][tokens][E].
struct AltUpLayer {
    let router: Linear  // [N × E]
    let routerNorm: Norm  // [E]
    let prediction: Linear  // [N² × N]
    let correction: Linear  // [N × N]
    /// Of the corrected first stream, as the per-layer embeddings read it. [E]
    let scale: FloatBuffer
    let laurel: Laurel

    var linears: [Linear] { [router, prediction, correction] + laurel.linears }
    private var streams: Int { Int(router.matrix.rows) }

    static func scratch(streams: Int, rank: Int, hiddenSize: Int) -> ScratchNeed {
        ScratchNeed([
            .streams: (streams - 1) * hiddenSize, .predictions: streams * hiddenSize, .mixing: streams,
            .attentionGate: streams * streams, .branch: hiddenSize, .latent: rank, .factors: 1,
        ])
    }

    /// Replaces all streams by their predictions, and keeps that of the first in `predictions`.
    func predict(_ work: Workspace) throws(EngineError) {
        let (count, size, handle) = (work.count, work.hiddenSize, work.compute.handle)
        try route(work)
        let coefficients = work[.attentionGate]
        try work.project(work[.mixing], streams, (prediction, coefficients))
        // Stream j becomes x[j] + Σ coefficient[j][i] · x[i].
        let (old, factors) = (work[.predictions], work[.factors].base)
        for stream in 0..<streams {
            (old.base + stream * count * size).update(from: self.stream(stream, work), count: count * size)
        }
        for target in 0..<streams {
            for source in 0..<streams {
                for token in 0..<count {
                    factors[token] = coefficients.base[token * streams * streams + target * streams + source]
                }
                sotto_add_scaled_rows(
                    handle, factors, old.base + source * count * size, self.stream(target, work), Int64(count),
                    Int64(size))
            }
        }
        old.base.update(from: self.stream(0, work), count: count * size)
    }

    /// Corrects the predictions by the difference between the first stream and its prediction.
    func correct(_ work: Workspace) throws(EngineError) {
        let (count, size, handle) = (work.count, work.hiddenSize, work.compute.handle)
        try route(work)
        let coefficients = work[.attentionGate]
        try work.project(work[.mixing], streams, (correction, coefficients))
        let (predicted, innovation, factors) = (work[.predictions], work[.branch], work[.factors].base)
        let elements = Int64(count * size)
        innovation.base.update(from: predicted.base, count: count * size)
        sotto_scale(handle, -1, innovation.base, elements)
        sotto_add(handle, work[.residual].base, innovation.base, elements)
        work[.residual].base.update(from: predicted.base, count: count * size)
        for stream in 0..<streams {
            for token in 0..<count { factors[token] = coefficients.base[token * streams + stream] + 1 }
            sotto_add_scaled_rows(
                handle, factors, innovation.base, self.stream(stream, work), Int64(count), Int64(size))
        }
    }

    /// Adds the per-layer embeddings to all streams but the first.
    func add(_ embedding: PerLayerEmbedding, _ layer: Int, _ work: Workspace) throws(EngineError) {
        let (count, size, handle) = (work.count, work.hiddenSize, work.compute.handle)
        let first = work[.normed]
        first.base.update(from: work[.residual].base, count: count * size)
        sotto_multiply_rows(handle, scale.base, first.base, Int64(count), Int64(size))
        try embedding.run(first, layer, work)
        for stream in 1..<streams {
            sotto_add(handle, work[.projected].base, self.stream(stream, work), Int64(count * size))
        }
    }

    /// Writes tanh(router · norm(x) / E) of the first stream to `mixing`. [tokens][N]
    private func route(_ work: Workspace) throws(EngineError) {
        let (normed, mixing, handle) = (work[.normed], work[.mixing], work.compute.handle)
        let elements = Int64(work.count * work.hiddenSize)
        routerNorm.apply(work.compute, work[.residual].base, rows: work.count, into: normed.base)
        sotto_scale(handle, 1 / Float(work.hiddenSize), normed.base, elements)
        try work.project(normed, work.hiddenSize, (router, mixing))
        sotto_soft_cap(handle, 1, mixing.base, Int64(work.count * streams))
    }

    private func stream(_ index: Int, _ work: Workspace) -> UnsafeMutablePointer<Float> {
        index == 0
            ? work[.residual].base : work[.streams].base + (index - 1) * work.count * work.hiddenSize
    }
}

/// A low-rank path beside the mixer. (Gemma 3n)
///
///     out = (x + mixer output + norm(right · left · n) + n) / √2,   n = norm(x)
struct Laurel {
    let left: Linear  // [rank × E]
    let right: Linear  // [E × rank]
    let norm: Norm  // [E]

    var linears: [Linear] { [left, right] }

    /// Writes its output to `branch`.
    ///
    /// - Parameter x: the mixer's input. [tokens][E]
    func run(_ x: FloatBuffer, _ work: Workspace) throws(EngineError) {
        let (reduced, branch) = (work[.latent], work[.branch])
        try work.project(x, work.hiddenSize, (left, reduced))
        try work.project(reduced, Int(left.matrix.rows), (right, branch))
        norm.apply(work.compute, branch.base, rows: work.count, into: branch.base)
        sotto_add(work.compute.handle, x.base, branch.base, Int64(work.count * work.hiddenSize))
    }

    func add(_ work: Workspace) {
        let elements = Int64(work.count * work.hiddenSize)
        sotto_add(work.compute.handle, work[.branch].base, work[.residual].base, elements)
        sotto_scale(work.compute.handle, Float(0.5).squareRoot(), work[.residual].base, elements)
    }
}

/// The streams before the first layer and after the last.
struct AltUpStreams {
    let projections: [Linear]  // N − 1 of [E × E]
    let unembeddings: [Linear]  // N − 1 of [E × E]

    /// Makes the other streams from the embeddings, with the same magnitude.
    func begin(_ work: Workspace) throws(EngineError) {
        let size = work.count * work.hiddenSize
        for (index, projection) in projections.enumerated() {
            try work.project(work[.residual], work.hiddenSize, (projection, work[.projected]))
            scale(work[.projected], like: work[.residual], work)
            (work[.streams].base + index * size).update(from: work[.projected].base, count: size)
        }
    }

    /// Replaces the residual stream by the mean of all, each with the magnitude of the first.
    func end(_ work: Workspace) throws(EngineError) {
        let (size, handle) = (work.count * work.hiddenSize, work.compute.handle)
        let (first, sum) = (work[.normed], work[.residual])
        first.base.update(from: sum.base, count: size)
        for (index, unembedding) in unembeddings.enumerated() {
            work[.branch].base.update(from: work[.streams].base + index * size, count: size)
            try work.project(work[.branch], work.hiddenSize, (unembedding, work[.projected]))
            scale(work[.projected], like: first, work)
            sotto_add(handle, work[.projected].base, sum.base, Int64(size))
        }
        sotto_scale(handle, 1 / Float(unembeddings.count + 1), sum.base, Int64(size))
    }

    /// Gives each vector of x the Euclidean norm of the one in `other`.
    private func scale(_ x: FloatBuffer, like other: FloatBuffer, _ work: Workspace) {
        func magnitude(_ x: UnsafePointer<Float>) -> Float {
            (0..<work.hiddenSize).reduce(Float(0)) { $0 + x[$1] * x[$1] }.squareRoot()
        }
        let factors = work[.factors].base
        for token in 0..<work.count {
            let start = token * work.hiddenSize
            factors[token] = magnitude(other.base + start) / magnitude(x.base + start)
        }
        work.scaleRows(x.base, by: factors, rows: work.count, size: work.hiddenSize)
    }
}
