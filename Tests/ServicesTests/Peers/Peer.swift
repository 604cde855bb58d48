import Testing

@testable import Services

/// A kind of service as the loopback server plays it.
struct Peer: Sendable, CustomTestStringConvertible {
    let kind: ServiceKind
    /// Of its base address.
    let path: String
    /// One that does not think.
    let model: String
    let thinkingModel: String
    /// Whether the service wants something back with the next request after its model has thought.
    var hasState = false

    static let openai = Peer(
        kind: .openai, path: "/openai/v1", model: "gpt-4.1", thinkingModel: "gpt-5", hasState: true)
    static let anthropic = Peer(
        kind: .anthropic, path: "/anthropic", model: "claude-haiku-4-5", thinkingModel: "claude-haiku-4-5",
        hasState: true)
    static let mistral = Peer(
        kind: .mistral, path: "/mistral/v1", model: "mistral-large-latest", thinkingModel: "magistral-medium-latest")
    static let ollama = Peer(kind: .ollama, path: "/ollama", model: "llama3.2:1b", thinkingModel: "qwen3:4b")
    static let lmstudio = Peer(
        kind: .lmstudio, path: "/lmstudio", model: "google/gemma-3-4b", thinkingModel: "qwen/qwen3-4b-thinking")
    static let compatible = Peer(
        kind: .compatible, path: "/compatible/v1", model: "smollm2", thinkingModel: "qwen3-4b")
    /// OpenAI's chat completions, which refuse what only other servers know.
    static let openaiChat = Peer(
        kind: .compatible, path: "/openai/v1", model: "gpt-4.1", thinkingModel: "gpt-5")

    /// One for each kind.
    static let all = [openai, anthropic, mistral, ollama, lmstudio, compatible]

    var testDescription: String {
        path == "/openai/v1" && kind == .compatible ? "OpenAI's chat completions" : kind.title
    }
}
