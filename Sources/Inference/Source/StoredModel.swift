import Tokenizers

/// A model on disk, whatever its format and whatever runs it: what lists show, and how it turns text into tokens.
package protocol StoredModel: AnyObject, Sendable {
    /// The path by which the model is known.
    var path: String { get }
    /// Of all files together.
    var byteCount: Int { get }
    /// The model's own name; nil if it has none.
    var name: String? { get }
    /// The family, as `Architectures` names it where it is one of them; nil if the model does not say.
    var architecture: String? { get }
    /// The same; throws if the model does not say.
    func requireArchitecture() throws(ModelError) -> String
    /// What the files are for; nil if they are a model that writes text, supported or not.
    var otherPurpose: OtherPurpose? { get }
    /// The usual name of the weights' format, such as "Q4_K_M".
    var formatName: String { get }
    /// The context length that the model was trained with; nil if it does not say.
    var trainedContext: Int? { get }
    /// How many of the weights a token uses.
    var weightUse: WeightUse { get }
    /// What the memory that it needs depends on; nil if it cannot be loaded.
    var size: (any ModelSize)? { get }

    /// What the tokenizer is created from; nil if there is no vocabulary. Throws if it cannot be used.
    func tokenizerDescription() throws -> TokenizerDescription?
    /// What may be wrong with the vocabulary, found without reading it. Throws if it certainly cannot be used.
    func tokenizerWarnings() throws -> [TokenizerWarning]
    /// The source of the chat template; nil for base models.
    var chatTemplate: String? { get }
    /// What the model says about its license, one line per field.
    var license: [String] { get }

    /// Throws what loading would throw, without reading weights.
    func check() throws(ModelError)
    /// Makes what computes it.
    ///
    /// - Parameter adapters: paths of LoRA adapters that change the model.
    func load(adapters: [String]) throws(ModelError) -> LoadedModel

    /// The share of the files that is in memory, 0…1; 1 if the system does not report it, or if others read the files.
    var residentShare: Double { get }
    /// Reads everything into memory, in the order of the files; blocks until that is done or cancelled.
    func readAhead(isCancelled: () -> Bool, progress: (Double) -> Void)
}

/// What is loaded of a model, besides its text.
package struct LoadedModel: Sendable {
    let computation: Computation
    let summary: ModelSummary
}

/// What computes a model.
enum Computation: Sendable {
    /// This program's own decoder.
    case transformer(Transformer)
    /// ONNX Runtime.
    case export(ONNXExport)
}

/// A model of this program's own decoder.
package struct Transformer: Sendable {
    let spec: ArchitectureSpec
    package let config: ModelConfig
    let weights: ModelWeights
}
