/// The kinds of checkpoints that can be opened.
enum CheckpointFamilies {
    static let all: [CheckpointFamily] =
        llama + qwen + gemma + lines + mixtures + deepSeek + layerNorms + deltaNetworks + recurrent

    /// The family of a `model_type`; nil if it is not supported.
    static func find(_ modelType: String) -> CheckpointFamily? {
        all.first { $0.modelTypes.contains(modelType) }
    }
}
