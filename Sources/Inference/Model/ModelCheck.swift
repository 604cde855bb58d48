import Files
import GGUF
import Tokenizers

/// What a source says about its use as a model, found without reading weights or building the vocabulary: lists check many
/// files.
package struct ModelCheck: Sendable {
    /// Why the model cannot be used, in one sentence; nil if nothing forbids it.
    package private(set) var problem: String?
    package private(set) var warnings: [ModelWarning] = []

    package init(_ source: any StoredModel) {
        do {
            try Self.check(source)
            warnings = try Self.tokenizerWarnings(source)
        } catch {
            problem = "\(error)".withoutControls
        }
        if let warning = Self.templateWarning(source) { warnings.append(warning) }
    }

    private static func check(_ source: any StoredModel) throws(ModelError) {
        if let purpose = source.otherPurpose { throw .otherPurpose(purpose) }
        try source.check()
    }

    private static func tokenizerWarnings(_ source: any StoredModel) throws(EngineError) -> [ModelWarning] {
        do {
            return try source.tokenizerWarnings().map(ModelWarning.tokenizer)
        } catch {
            throw .noTokenizer(isFolder: ModelFiles.isFolder(source.path), reason: "\(error)")
        }
    }

    /// Only a template that cannot be used needs the vocabulary.
    private static func templateWarning(_ source: any StoredModel) -> ModelWarning? {
        guard let own = source.chatTemplate else { return nil }
        let choice = try? TemplateChoice(given: nil, own: own, bos: "", eos: "") {
            (try? source.tokenizerDescription())??.vocabulary
        }
        return choice?.warning
    }
}
