import GGUF

extension GGUFSource {
    package var otherPurpose: OtherPurpose? {
        let metadata = file.metadata
        switch metadata["general.type"]?.string {
        case "adapter": return adapter
        case "imatrix": return .importanceMatrix
        case "mmproj": return .projector
        default: break
        }
        if let purpose = architecture.flatMap(OtherPurpose.init(architecture:)) { return purpose }
        // Older adapters have no `general.type`.
        if metadata["adapter.type"] != nil { return adapter }
        if file.tensors.isEmpty { return metadata["tokenizer.ggml.model"] == nil ? .empty : .vocabulary }
        return isForSearch ? .encoder : nil
    }

    private var adapter: OtherPurpose {
        // A family that is not known could be any text.
        .adapter(family: architecture.flatMap { Architectures.find($0)?.name })
    }

    /// Whether a model of a family that writes text was trained to turn texts into vectors instead, such as
    /// Qwen3-Embedding: it pools the states of all tokens, or every token attends to all others.
    private var isForSearch: Bool {
        guard let architecture else { return false }
        let pooling = file.metadata["\(architecture).pooling_type"]?.int ?? 0
        return pooling > 0 || file.metadata["\(architecture).attention.causal"]?.bool == false
    }
}
