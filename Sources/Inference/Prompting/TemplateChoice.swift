import Jinja
import Tokenizers

/// The chat template that a model is used with: the one that the user gave, or the file's, or, if the file's is empty or
/// broken, the one of its family.
struct TemplateChoice {
    /// Nil for base models, which continue a transcript.
    private(set) var template: ChatTemplate?
    private(set) var warning: ModelWarning?

    /// - Parameters:
    ///   - given: a template from the user; it must work.
    ///   - own: the file's template; nil for base models.
    ///   - vocabulary: the file's; only asked for if it is needed.
    init(
        given: String?, own: String?, bos: String, eos: String, vocabulary: () -> Vocabulary?
    ) throws(JinjaError) {
        if let given {
            template = try Self.working(given, bos: bos, eos: eos)
            return
        }
        guard let own else { return }
        let problem: String
        if own.allSatisfy(\.isWhitespace) {
            problem = "it is empty"
        } else {
            do throws(JinjaError) {
                template = try Self.working(own, bos: bos, eos: eos)
                return
            } catch {
                problem = "\(error)"
            }
        }
        let family = vocabulary().flatMap { StandardTemplates.row(for: $0) }
        template = try family.map { (row) throws(JinjaError) in
            try ChatTemplate(source: row.source, bos: bos, eos: eos)
        }
        warning = .template(problem, used: family?.name)
    }

    /// A template that renders at least a conversation of one message.
    private static func working(_ source: String, bos: String, eos: String) throws(JinjaError) -> ChatTemplate {
        let template = try ChatTemplate(source: source, bos: bos, eos: eos)
        do throws(JinjaError) {
            try template.renderSmallConversation(system: nil)
        } catch {
            // Some insist on a system prompt.
            do throws(JinjaError) {
                try template.renderSmallConversation(system: "Answer.")
            } catch _ {
                throw error
            }
        }
        return template
    }
}

extension ChatTemplate {
    fileprivate func renderSmallConversation(system: String?) throws(JinjaError) {
        let turns = (system.map { [("system", $0)] } ?? []) + [("user", TemplateTraits.question)]
        let messages = turns.map { role, content in
            JinjaValue.dict(JinjaDict(["role": .trusted(role), "content": .string(content)]))
        }
        let (text, _) = try renderRepairing(
            messages: .list(messages), addGenerationPrompt: true, limits: TemplateTraits.limits)
        guard text.text.contains(TemplateTraits.question) else {
            throw JinjaError(.type, "the template does not write the user's message")
        }
    }
}
