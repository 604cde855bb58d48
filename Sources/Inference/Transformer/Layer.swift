import CKernels

/// A layer: a mixer and a feed-forward network, whose outputs are added to the residual stream.
///
///     x += postNorm(mixer(norm(x)))
///     x += postNorm(feedForward(norm(x)))
struct Layer {
    let mixer: Mixer?
    let feedForward: FeedForward?
    let mixerNorm: Norm?
    let mixerPostNorm: Norm?
    let feedForwardNorm: Norm?
    let feedForwardPostNorm: Norm?
    /// Whether the feed-forward network reads the layer's input, too.
    let isParallel: Bool
    /// Of what is added to the residual stream.
    let residualFactor: Float
    let perLayer: PerLayerEmbedding?
    let altUp: AltUpLayer?
    /// Of the residual stream after the layer, or of the embeddings that are added to it.
    let scale: LayerScale?

    enum LayerScale {
        case output(Float)
        case embeddings(Float)
    }

    var linears: [Linear] {
        (mixer?.linears ?? []) + (feedForward?.linears ?? []) + (perLayer?.linears ?? []) + (altUp?.linears ?? [])
    }

    /// Runs the tokens of the pass through the layer.
    ///
    /// - Parameter index: of the layer.
    func run(_ index: Int, _ work: Workspace) throws(EngineError) {
        let residual = work[.residual]
        if let altUp {
            try altUp.predict(work)
            try runBlocks(index, work, laurel: altUp.laurel)
            try altUp.correct(work)
            if let perLayer { try altUp.add(perLayer, index, work) }
            return
        }
        try runBlocks(index, work, laurel: nil)
        if let perLayer { try perLayer.add(index, to: residual, work) }
        let elements = Int64(work.count * work.hiddenSize)
        switch scale {
        case .output(let factor): sotto_scale(work.compute.handle, factor, residual.base, elements)
        case .embeddings(let factor):
            let embeddings = work[.normed]
            embeddings.base.update(from: work[.streams].base, count: Int(elements))
            sotto_scale(work.compute.handle, factor, embeddings.base, elements)
            sotto_add(work.compute.handle, embeddings.base, residual.base, elements)
        case nil: break
        }
    }

    private func runBlocks(_ index: Int, _ work: Workspace, laurel: Laurel?) throws(EngineError) {
        let (residual, projected) = (work[.residual], work[.projected])
        if feedForward?.readsLayerInput == true {
            work[.layerInput].base.update(from: residual.base, count: work.count * work.hiddenSize)
        }
        var input = residual
        if let mixer {
            input = normed(mixerNorm, work)
            try laurel?.run(input, work)
            try mixer.run(input, index, work)
            mixerPostNorm?.apply(work.compute, projected.base, rows: work.count, into: projected.base)
            // A network that reads the layer's input normalises it before something is added, or shares the mixer's.
            if isParallel, feedForwardNorm != nil { input = normed(feedForwardNorm, work) }
            work.addToResidual(projected, factor: residualFactor)
            laurel?.add(work)
        }
        guard let feedForward else { return }
        if !isParallel { input = normed(feedForwardNorm, work) }
        try feedForward.run(input, work)
        feedForwardPostNorm?.apply(work.compute, projected.base, rows: work.count, into: projected.base)
        work.addToResidual(projected, factor: residualFactor)
    }

    /// The residual stream, normalised if there is a norm.
    private func normed(_ norm: Norm?, _ work: Workspace) -> FloatBuffer {
        guard let norm else { return work[.residual] }
        norm.apply(work.compute, work[.residual].base, rows: work.count, into: work[.normed].base)
        return work[.normed]
    }
}
