import Foundation
import GGUF
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
    /// The chat template; nil for base models, and if it is invalid.
    public let template: ChatTemplate?
    /// The reason if the file's chat template is invalid.
    public let templateProblem: String?

    let spec: ArchitectureSpec
    package let config: ModelConfig
    let weights: ModelWeights

    /// Opens and validates a file. Weights are mapped, not read.
    ///
    /// - Parameter adapters: paths of LoRA adapters (GGUF files) that change the model.
    public static func load(path: String, adapters: [String] = []) throws(ModelError) -> Model {
        let file: GGUFFile
        let name: String
        do throws(GGUFError) {
            file = try GGUFFile(path: path)
            name = try file.metadata.requireString("general.architecture")
        } catch {
            throw .file(error)
        }
        guard let spec = Architectures.find(name) else { throw .unsupportedArchitecture(name) }
        var changes: [LoRAAdapter] = []
        for path in adapters { changes.append(try LoRAAdapter(path: path, model: file, architecture: name)) }
        return try Model(file: file, adapters: changes, spec: spec)
    }

    private init(file: GGUFFile, adapters: [LoRAAdapter], spec: ArchitectureSpec) throws(ModelError) {
        path = file.path
        self.spec = spec
        config = try ModelConfig(spec, file.metadata)
        weights = try ModelWeights(file: file, adapters: adapters, spec: spec, config: config)
        summary = ModelSummary(
            name: file.metadata["general.name"]?.string
                ?? URL(fileURLWithPath: file.path).deletingPathExtension().lastPathComponent,
            architecture: spec.name, parameters: file.tensors.reduce(0) { $0 &+ $1.elementCount },
            fileBytes: file.byteCount, format: FormatNames.label(file), trainedContext: config.trainedContext,
            vocabularyCount: weights.vocabularyCount, layers: config.layers, hiddenSize: config.hiddenSize,
            heads: config.heads, kvHeads: config.kvHeads)

        (tokenizer, tokenizerProblem) = Self.readTokenizer(file, vocabularyCount: weights.vocabularyCount)
        (template, templateProblem) = Self.readTemplate(file, tokenizer)
    }

    private static func readTokenizer(_ file: GGUFFile, vocabularyCount: Int) -> (Tokenizer?, String?) {
        do {
            guard let tokenizer = try Tokenizer(file) else { return (nil, "it has no vocabulary") }
            let count = tokenizer.vocabulary.count
            guard count <= vocabularyCount else {
                return (nil, "its vocabulary has \(count) tokens, but its embedding matrix only \(vocabularyCount)")
            }
            return (tokenizer, nil)
        } catch {
            return (nil, "\(error)")
        }
    }

    private static func readTemplate(_ file: GGUFFile, _ tokenizer: Tokenizer?) -> (ChatTemplate?, String?) {
        do {
            return (try ChatTemplate(file, tokenizer: tokenizer), nil)
        } catch {
            return (nil, "\(error)")
        }
    }

    /// The vocabulary in the form that samplers need.
    var breakers: BreakerVocabulary {
        guard let tokenizer else { return .none }
        return BreakerVocabulary(
            count: tokenizer.vocabulary.count, bytes: { tokenizer.bytes(of: $0, special: true) },
            encode: { tokenizer.encode(String(decoding: $0, as: UTF8.self), parseSpecial: false, addSpecial: false) })
    }
}
