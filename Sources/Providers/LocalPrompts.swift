import Chat
import Inference

/// What a local model reads.
extension LocalProvider {
    public func template(of reference: ModelReference) throws -> String {
        guard let template = try chatEngine(for: reference).engine.model.template else {
            throw ModelNameError.noTemplate(reference.name)
        }
        return template.source
    }

    /// If the conversation does not fit the context, and no turn can be dropped, all of it with a remark.
    public func prompt(
        of reference: ModelReference, system: String?, messages: [Message], settings: GenerationSettings
    ) async throws -> PromptText {
        let engine = try chatEngine(for: reference, settings).engine
        let prompt = try prompt(of: reference, system, messages, settings.thinking)
        let read = try await read(prompt, by: engine)
        var remarks = try engine.model.promptRepairs(prompt).map(\.description)
        if read.droppedTurns > 0 {
            remarks.append("Turns that do not fit the context and are left out: \(read.droppedTurns)")
        } else if read.tokens.count >= engine.contextLength {
            remarks.append("These \(read.tokens.count) tokens do not fit the context of \(engine.contextLength)")
        }
        return PromptText(text: engine.model.tokenizer?.decode(read.tokens, special: true) ?? "", remarks: remarks)
    }

    public func promptLength(
        of reference: ModelReference, system: String?, messages: [Message], settings: GenerationSettings
    ) async throws -> (tokens: Int, limit: Int) {
        let engine = try chatEngine(for: reference, settings).engine
        let prompt = try prompt(of: reference, system, messages, settings.thinking)
        return (try await read(prompt, by: engine).tokens.count, engine.contextLength)
    }

    private func prompt(
        of reference: ModelReference, _ system: String?, _ messages: [Message], _ thinking: Thinking
    ) throws -> Prompt {
        let system = try system ?? defaults(of: reference)?.system
        let turns = (system.map { [ChatTurn(role: .system, content: $0)] } ?? []) + messages.map { ChatTurn($0) }
        return Prompt(turns, thinking: thinking)
    }

    /// The prompt as the engine would read it, or, if its last turn does not fit the context, all of it.
    private func read(_ prompt: Prompt, by engine: Engine) async throws -> (tokens: [Int32], droppedTurns: Int) {
        do throws(EngineError) {
            return try await engine.readPrompt(prompt)
        } catch {
            switch error {
            case .lastMessageTooLong, .replyFillsContext: return (try engine.model.promptTokens(prompt), 0)
            default: throw error
            }
        }
    }
}
