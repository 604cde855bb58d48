import Chat
import Inference

extension LocalProvider {
    /// Tokens of a text, and of the model's window. Counted beside the engine, which may be busy with a reply; loads
    /// the model where it is not.
    public nonisolated func tokenCount(
        of text: String, for model: ModelReference, contextLength: Int
    ) async throws -> (tokens: Int?, limit: Int) {
        let engine = try await engine(for: model, contextLength: contextLength)
        return (engine.model.tokenCount(of: text), engine.contextLength)
    }

    /// Tokens of the prompt of a conversation before its next message; nil where that cannot be told.
    public nonisolated func tokenCount(
        of messages: [Message], system: String?, for model: ModelReference, contextLength: Int
    ) async throws -> Int? {
        let engine = try await engine(for: model, contextLength: contextLength)
        let turns = (system.map { [ChatTurn(role: .system, content: $0)] } ?? []) + messages.map { ChatTurn($0) }
        return engine.model.promptTokenCount(turns + [ChatTurn(role: .user, content: "")])
    }
}
