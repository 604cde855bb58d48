import Jinja
import Sampling
import Tokenizers

/// An opened and validated model, with everything an engine needs to run it. Weights stay in their files.
public final class Model: Sendable {
    public let path: String
    public let summary: ModelSummary
    /// Nil if the file has no supported vocabulary.
    public let tokenizer: Tokenizer?
    /// The reason if there is no tokenizer.
    public let tokenizerProblem: String?
    /// The chat template; nil for base models, and if the file's is unusable and no standard one fits.
    public let template: ChatTemplate?
    /// What the user should know about the file.
    public let warnings: [ModelWarning]

    /// What computes it.
    let computation: Computation
    let source: any StoredModel

    /// Opens and validates a model. Weights are mapped, not read.
    ///
    /// - Parameters:
    ///   - path: of a GGUF file, a folder of Hugging Face's libraries, or an ONNX export.
    ///   - adapters: paths of LoRA adapters that change the model.
    ///   - template: source of a chat template to use instead of the file's.
    public static func load(
        path: String, adapters: [String] = [], template: String? = nil
    ) throws(ModelError) -> Model {
        let source = try OpenedSource.open(path)
        return try Model(source: source, loaded: try source.load(adapters: adapters), template: template)
    }

    private init(source: any StoredModel, loaded: LoadedModel, template given: String?) throws(ModelError) {
        path = source.path
        self.source = source
        (computation, summary) = (loaded.computation, loaded.summary)

        var text = ModelText()
        do {
            text = try ModelText(source, vocabularyCount: summary.vocabularyCount, template: given)
            tokenizerProblem = nil
        } catch let error as JinjaError {
            throw .template("\(error)")
        } catch {
            tokenizerProblem = "\(error)"
        }
        (tokenizer, template, warnings) = (text.tokenizer, text.template, text.warnings)
    }

    /// What this program's own decoder computes; nil for an ONNX export.
    package var transformer: Transformer? {
        if case .transformer(let transformer) = computation { transformer } else { nil }
    }

    /// Whether ONNX Runtime computes it.
    public var isExport: Bool { transformer == nil }

    /// The vocabulary in the form that samplers need.
    var breakers: BreakerVocabulary {
        guard let tokenizer else { return .none }
        return BreakerVocabulary(
            count: tokenizer.vocabulary.count, bytes: { tokenizer.bytes(of: $0, special: true) },
            encode: { tokenizer.encode(String(decoding: $0, as: UTF8.self), parseSpecial: false, addSpecial: false) })
    }
}
