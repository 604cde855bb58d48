import CKernels

/// What a layer adds from the per-layer embeddings of the tokens. (Gemma Team 2025, "Gemma 3n")
///
///     out = norm(projection · (gelu(gate · x) ⊙ inputs[layer]))
///
/// P is the size of a layer's part of the embeddings, E the hidden size.
struct PerLayerEmbedding {
    let gate: Linear  // [P × E]
    let projection: Linear  // [E × P]
    let norm: Norm  // [E]

    var linears: [Linear] { [gate, projection] }
    private var size: Int { Int(gate.matrix.rows) }

    /// Adds to the residual stream.
    func add(_ layer: Int, to residual: FloatBuffer, _ work: Workspace) throws(EngineError) {
        try run(residual, layer, work)
        sotto_add(
            work.compute.handle, work[.projected].base, residual.base, Int64(work.count * work.hiddenSize))
    }

    /// Writes its output to `projected`.
    func run(_ x: FloatBuffer, _ layer: Int, _ work: Workspace) throws(EngineError) {
        let (gated, inputs, handle) = (work[.perLayerGate], work[.perLayerInputs], work.compute.handle)
        try work.project(x, work.hiddenSize, (gate, gated))
        sotto_gated(
            handle, .init(SOTTO_GELU_TANH), gated.base, nil, gated.base, Int64(work.count), Int64(size), Int64(size))
        let stride = work.perLayerWidth
        for token in 0..<work.count {
            sotto_multiply(
                handle, inputs.base + token * stride + layer * size, gated.base + token * size, Int64(size))
        }
        try work.project(gated, size, (projection, work[.projected]))
        norm.apply(work.compute, work[.projected].base, rows: work.count, into: work[.projected].base)
    }
}

/// The per-layer embeddings of tokens: of their own, and from their ordinary ones.
///
///     inputs = (norm(projection · x / √E) + embedding[token] · √P) / √2
struct PerLayerInputs {
    let embedding: sotto_matrix  // [vocabulary × layers·P]
    let projection: Linear  // [layers·P × E]
    let norm: Norm  // [P]

    var width: Int { Int(embedding.cols) }

    /// Writes `perLayerInputs`, [tokens][layers][P], from the embeddings in the residual stream.
    func prepare(_ ids: [Int32], _ work: Workspace) throws(EngineError) {
        let (inputs, own, handle) = (work[.perLayerInputs], work[.perLayerEmbeddings], work.compute.handle)
        let elements = Int64(work.count * width)
        try work.project(work[.residual], work.hiddenSize, (projection, inputs))
        sotto_scale(handle, 1 / Float(work.hiddenSize).squareRoot(), inputs.base, elements)
        norm.apply(work.compute, inputs.base, rows: work.count * width / norm.size, into: inputs.base)
        var matrix = embedding
        sotto_gather_rows(handle, &matrix, ids, Int64(work.count), own.base)
        sotto_scale(handle, Float(norm.size).squareRoot(), own.base, elements)
        sotto_add(handle, own.base, inputs.base, elements)
        sotto_scale(handle, Float(0.5).squareRoot(), inputs.base, elements)
    }
}
