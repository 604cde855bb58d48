import CKernels
import Files
import GGUF
import Tokenizers

/// What a source says about its use as a model, found without reading weights or building the vocabulary: lists check many
/// files.
package struct ModelCheck: Sendable {
    /// Why the model cannot be used, in one sentence; nil if nothing forbids it.
    package private(set) var problem: String?
    package private(set) var warnings: [ModelWarning] = []

    package init(_ source: any ModelSource) {
        do {
            try Self.check(source)
            warnings = try Self.tokenizerWarnings(source)
        } catch {
            problem = "\(error)".withoutControls
        }
        if let warning = Self.templateWarning(source) { warnings.append(warning) }
    }

    private static func check(_ source: any ModelSource) throws(ModelError) {
        if let purpose = source.otherPurpose { throw .otherPurpose(purpose) }
        let spec = try source.requireSpec()
        let config = try ModelConfig(spec, source)
        try checkFormats(source)
        // Everything that loading checks, but without reading a tensor.
        _ = try ModelWeights(source: source, spec: spec, config: config, readsTensors: false)
    }

    private static func checkFormats(_ source: any ModelSource) throws(ModelError) {
        let unknown = source.tensors.filter { sotto_format_find($0.type.id) == nil }
        guard let example = unknown.first else { return }
        throw .unsupportedFormats(
            Set(unknown.map(\.type.name)).sorted(), example: example.name, tensors: unknown.count)
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
