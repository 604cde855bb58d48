import CKernels
import Tokenizers

/// What a source says about its use as a model, found without reading weights or building the vocabulary: lists check many
/// files.
package struct ModelCheck: Sendable {
    /// Why the model cannot be used, in one sentence; nil if nothing forbids it.
    package private(set) var problem: String?
    package private(set) var warnings: [ModelWarning] = []

    /// - Parameter source: a model with tensors.
    package init(_ source: any ModelSource) {
        do {
            try Self.check(source)
            warnings = try Self.tokenizerWarnings(source)
        } catch {
            problem = "\(error)"
        }
        if let warning = Self.templateWarning(source) { warnings.append(warning) }
    }

    private static func check(_ source: any ModelSource) throws(ModelError) {
        guard let name = source.architecture else { throw .missingMetadata("architecture") }
        guard let spec = Architectures.find(name) else { throw .unsupportedArchitecture(name) }
        _ = try ModelConfig(spec, source)
        for tensor in source.tensors where sotto_format_find(tensor.type.id) == nil {
            throw .unsupportedFormat(tensor: tensor.name, format: tensor.type.name)
        }
    }

    private static func tokenizerWarnings(_ source: any ModelSource) throws(EngineError) -> [ModelWarning] {
        do {
            return try source.tokenizerWarnings().map(ModelWarning.tokenizer)
        } catch {
            throw .noTokenizer(reason: "\(error)")
        }
    }

    /// Only a template that cannot be used needs the vocabulary.
    private static func templateWarning(_ source: any ModelSource) -> ModelWarning? {
        guard let own = source.chatTemplate else { return nil }
        let choice = try? TemplateChoice(given: nil, own: own, bos: "", eos: "") {
            (try? source.tokenizerDescription())??.vocabulary
        }
        return choice?.warning
    }
}
