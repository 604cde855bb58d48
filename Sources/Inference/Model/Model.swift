import Foundation
import Jinja
import Sampling
import Tokenizers

/// An opened and validated model file, with everything an engine needs to run it. Weights stay in the mapped file.
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

    let spec: ArchitectureSpec
    package let config: ModelConfig
    let weights: ModelWeights

    /// Opens and validates a file. Weights are mapped, not read.
    ///
    /// - Parameters:
    ///   - adapters: paths of LoRA adapters (GGUF files) that change the model.
    ///   - template: source of a chat template to use instead of the file's.
    public static func load(
        path: String, adapters: [String] = [], template: String? = nil
    ) throws(ModelError) -> Model {
        let source = try OpenedSource.open(path)
        let spec = try source.requireSpec()
        var changes: [LoRAAdapter] = []
        for path in adapters { changes.append(try LoRAAdapter(path: path, model: source)) }
        return try Model(source: source, adapters: changes, spec: spec, template: template)
    }

    private init(
        source: any ModelSource, adapters: [LoRAAdapter], spec: ArchitectureSpec, template given: String?
    ) throws(ModelError) {
        path = source.path
        self.spec = spec
        config = try ModelConfig(spec, source)
        weights = try ModelWeights(source: source, adapters: adapters, spec: spec, config: config)
        summary = ModelSummary(
            name: source.name ?? URL(fileURLWithPath: source.path).deletingPathExtension().lastPathComponent,
            architecture: spec.name, parameters: source.parameters, fileBytes: source.byteCount,
            format: source.formatName, trainedContext: config.trainedContext,
            vocabularyCount: weights.vocabularyCount, layers: config.layers.count,
            hiddenSize: config.hiddenSize, heads: config.attentions.map(\.heads).max() ?? 0,
            kvHeads: config.attentions.map(\.kvHeads).max() ?? 0)

        var text = ModelText()
        do {
            text = try ModelText(source, vocabularyCount: weights.vocabularyCount, template: given)
            tokenizerProblem = nil
        } catch let error as JinjaError {
            throw .template("\(error)")
        } catch {
            tokenizerProblem = "\(error)"
        }
        (tokenizer, template, warnings) = (text.tokenizer, text.template, text.warnings)
    }

    /// The vocabulary in the form that samplers need.
    var breakers: BreakerVocabulary {
        guard let tokenizer else { return .none }
        return BreakerVocabulary(
            count: tokenizer.vocabulary.count, bytes: { tokenizer.bytes(of: $0, special: true) },
            encode: { tokenizer.encode(String(decoding: $0, as: UTF8.self), parseSpecial: false, addSpecial: false) })
    }
}
