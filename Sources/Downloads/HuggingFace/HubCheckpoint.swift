/// The files of a repository that make a folder with a model in PyTorch's formats.
struct HubCheckpoint: Sendable, Equatable {
    /// In the order in which they are fetched: the configuration last, because a folder with one is a model.
    let files: [HubFile]

    var bytes: Int { files.reduce(0) { $0 + $1.bytes } }

    private static let configuration = "config.json"
    private static let texts: Set = [
        "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
        "chat_template.jinja", "chat_template.json", "model.safetensors.index.json",
    ]

    /// Nil without a configuration or without weights. Only files outside of folders count.
    init?(_ all: [HubFile]) {
        let own = all.filter { !$0.path.contains("/") }
        let weights = own.filter { $0.name.hasSuffix(".safetensors") }
        guard let configuration = own.first(where: { $0.name == Self.configuration }), !weights.isEmpty else {
            return nil
        }
        // Some repositories have all weights a second time, in one file.
        let parts = weights.filter { $0.name.hasPrefix("model-") }
        files = own.filter { Self.texts.contains($0.name) } + (parts.isEmpty ? weights : parts) + [configuration]
    }
}
