extension Model {
    /// What runs the model.
    ///
    /// - Parameters:
    ///   - contextLength: the most tokens of prompt and reply.
    ///   - prefillBatch: the most tokens of a pass.
    func runner(
        compute: Compute, contextLength: Int, prefillBatch: Int, _ options: EngineOptions
    ) throws(EngineError) -> any Runner {
        switch computation {
        case .transformer(let transformer):
            try Decoder(
                transformer, compute: compute, contextLength: contextLength, cacheType: options.cacheType,
                prefillBatch: prefillBatch)
        case .export(let export):
            try ONNXRunner(
                export, compute: compute, contextLength: contextLength, prefillBatch: prefillBatch,
                provider: options.executionProvider)
        }
    }
}
