import Jinja
import Tokenizers

/// How a model's file turns text into tokens and conversations into text.
struct ModelText {
    private(set) var tokenizer: Tokenizer?
    private(set) var template: ChatTemplate?
    private(set) var warnings: [ModelWarning] = []

    init() {}

    /// Throws `JinjaError` if the given template cannot be used, and other errors if the vocabulary cannot.
    ///
    /// - Parameters:
    ///   - vocabularyCount: rows of the embedding matrix; tokens beyond them could not be computed.
    ///   - given: source of a chat template to use instead of the file's.
    init(_ source: any StoredModel, vocabularyCount: Int, template given: String?) throws {
        guard var description = try source.tokenizerDescription() else { throw VocabularyProblem.none }
        let count = description.vocabulary.count
        guard count <= vocabularyCount else { throw VocabularyProblem.tooLong(count, rows: vocabularyCount) }
        let choice = try TemplateChoice(source, description, given: given)
        if let template = choice.template {
            description.templateText = template.source + "\n" + template.traits.ownText
            description.special.templateEnd = template.traits.endOfTurn
        }
        let tokenizer = try Tokenizer(description)
        warnings = tokenizer.warnings.map(ModelWarning.tokenizer) + (choice.warning.map { [$0] } ?? [])
        (self.tokenizer, template) = (tokenizer, choice.template)
    }
}

extension ChatTemplate {
    /// The template that conversations with a model are rendered with, with a warning if it is not its own;
    /// nil for a transcript.
    package static func used(by source: any StoredModel) throws -> (ChatTemplate?, ModelWarning?) {
        guard let description = try source.tokenizerDescription() else { throw VocabularyProblem.none }
        let choice = try TemplateChoice(source, description, given: nil)
        return (choice.template, choice.warning)
    }
}

extension TemplateChoice {
    /// The template for a model's vocabulary, and for the texts of its BOS and EOS.
    init(_ source: any StoredModel, _ description: TokenizerDescription, given: String?) throws(JinjaError) {
        let vocabulary = description.vocabulary
        func text(_ token: Int32?) -> String {
            guard let token, vocabulary.contains(token) else { return "" }
            return String(decoding: vocabulary.bytes(of: token), as: UTF8.self)
        }
        try self.init(
            given: given, own: source.chatTemplate, bos: text(description.special.bos),
            eos: text(description.special.eos), vocabulary: { vocabulary })
    }
}

/// Why a file's vocabulary cannot be used.
enum VocabularyProblem: Error, CustomStringConvertible {
    case none
    case tooLong(Int, rows: Int)

    var description: String {
        switch self {
        case .none: "it has no vocabulary"
        case .tooLong(let count, let rows):
            "its vocabulary has \(count) tokens, but its embedding matrix only \(rows)"
        }
    }
}
