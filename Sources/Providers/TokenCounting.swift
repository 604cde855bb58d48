import Chat
import Inference

extension LocalProvider {
    /// Does not wait for the engine, which may be busy with a reply. Loads the model if necessary.
    public nonisolated func tokenCount(
        of text: String, for model: ModelReference, contextLength: Int
    ) async throws -> (tokens: Int?, limit: Int) {
        let engine = try await engine(for: model, contextLength: contextLength)
        return (engine.model.tokenCount(of: text), engine.contextLength)
    }

    public nonisolated func tokenCount(
        of messages: [Message], system: String?, for model: ModelReference, contextLength: Int
    ) async throws -> Int? {
        let engine = try await engine(for: model, contextLength: contextLength)
        let usual = try await defaults(of: model)?.system
        let system = system ?? usual
        let turns = (system.map { [ChatTurn(role: .system, content: $0)] } ?? []) + messages.map { ChatTurn($0) }
        return engine.model.promptTokenCount(turns + [ChatTurn(role: .user, content: "")])
    }
}
