/// The supported model families, one row each.
package enum Architectures {
    package static let all: [ArchitectureSpec] = [
        // Llama 1 to 3, Mistral, SmolLM and all other models that converters label "llama".
        ArchitectureSpec(name: "llama", ropePairing: .adjacent, hasFFNScales: true),
        // Qwen 2 and 2.5: biases on query, key and value, detected by their tensors.
        ArchitectureSpec(name: "qwen2", ropePairing: .halves),
        ArchitectureSpec(name: "qwen3", ropePairing: .halves, hasQueryKeyNorms: true, hasFFNScales: true),
        // Phi 3 and 3.5: fused query-key-value and gate-up matrices, detected by their tensors. Published files specify
        // a sliding window, but the reference implementation does not use it either.
        ArchitectureSpec(name: "phi3", ropePairing: .halves),
        ArchitectureSpec(
            name: "gemma2", ropePairing: .halves, activation: .geluTanh, scalesEmbeddings: true, hasPostNorms: true,
            attentionScale: .hiddenSizePerHead(inModelsOfLayers: 46),  // the 27 B
            slidingWindow: .init(pattern: 2, defaultLength: 4096, defaultRoPEBase: nil, scalesRoPE: true),
            attentionSoftCap: 50, logitSoftCap: 30, alwaysTiesEmbeddings: true),
        ArchitectureSpec(
            name: "gemma3", ropePairing: .halves, activation: .geluTanh, scalesEmbeddings: true,
            hasQueryKeyNorms: true, hasPostNorms: true,
            attentionScale: .hiddenSizePerHead(inModelsOfLayers: 62),  // the 27 B
            slidingWindow: .init(pattern: 6, defaultLength: nil, defaultRoPEBase: 10_000, scalesRoPE: false),
            logitSoftCap: 0),
    ]

    package static func find(_ name: String) -> ArchitectureSpec? { all.first { $0.name == name } }

    /// "gemma2, gemma3, llama, …", for messages.
    static var supportedNames: String { all.map(\.name).sorted().joined(separator: ", ") }
}
