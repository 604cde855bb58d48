extension ServiceKind {
    /// How the kind speaks. A new kind is its case, its row here, and its folder.
    var wire: any WireProtocol {
        switch self {
        case .openai: OpenAIWire()
        case .anthropic: AnthropicWire()
        case .mistral: MistralWire()
        case .ollama: OllamaWire()
        case .lmstudio: LMStudioWire()
        case .compatible: CompatibleWire()
        }
    }
}
