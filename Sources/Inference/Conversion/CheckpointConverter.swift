import GGUF
import Tokenizers

/// Writes a checkpoint of Hugging Face's libraries as a GGUF file, with the names, values and order of rows that readers of
/// such files expect.
public struct CheckpointConverter {
    /// The tensor being written.
    public struct Progress: Sendable {
        public let tensor: String
        /// 1…count
        public let index: Int
        public let count: Int
        public let type: TensorType
    }

    private let source: CheckpointSource
    private let architecture: String
    private let config: ModelConfig
    private let scheme: QuantizationScheme
    private let tensors: [(tensor: ConvertedTensor, type: TensorType)]

    /// - Parameters:
    ///   - path: of the folder.
    ///   - scheme: of the matrices; nil for the format that most of the weights have.
    ///   - adapter: the folder of an adapter of PEFT to merge; nil for none.
    public init(path: String, scheme given: QuantizationScheme?, adapter: String? = nil) throws {
        do throws(CheckpointError) {
            source = try CheckpointSource(path: path)
        } catch {
            throw ModelError.checkpoint(error)
        }
        let spec = try source.requireSpec()
        architecture = spec.name
        config = try ModelConfig(spec, source)
        // Everything that loading checks.
        _ = try ModelWeights(source: source, spec: spec, config: config, readsTensors: false)
        scheme = given ?? QuantizationScheme.find(source.formatName) ?? .f16
        var changes: LoRAAdapter?
        if let adapter { changes = try LoRAAdapter(path: adapter, model: source) }
        let converted = try ConvertedTensors(source, config, architecture: architecture, adapter: changes).all()
        if config.attentions.contains(where: { $0.latentRank != nil }),
            converted.contains(where: { $0.name.contains(".attn_") && $0.name.hasSuffix(".bias") })
        {
            throw ModelError.checkpoint(
                .value(
                    path: "\(path)/config.json", field: "attention_bias",
                    expected: "false: GGUF files have no place for biases of latent attention"))
        }
        let rules = QuantizationRules(
            scheme: scheme,
            model: QuantizedModel(
                architecture: architecture, layers: config.layers.count, experts: config.experts,
                queriesPerKey: config.largestGroup, hasImportance: false,
                tensors: converted.map { ($0.name, $0.dimensions) }))
        tensors = converted.map { tensor in
            let isVector =
                tensor.dimensions.count < 2 || !QuantizationRules.isQuantizable(tensor.name, tensor.dimensions)
            let own = isVector ? TensorType.named("F32") : tensor.view.type
            return (tensor, rules.type(named: tensor.name, dimensions: tensor.dimensions, own: own))
        }
    }

    /// The name of the format.
    public var format: String { scheme.name }

    /// Bytes of the new file's tensors.
    public var byteCount: Int {
        tensors.reduce(0) { $0 + $1.tensor.elementCount / $1.type.blockElements * $1.type.blockBytes }
    }

    /// What GGUF files of this family cannot say, and therefore is not as in the checkpoint: windows of Mistral's first
    /// model, for example. Compares the written file with it.
    public func losses(in path: String) throws -> [String] {
        let file = try GGUFSource.open(path)
        let written = try ModelConfig(try file.requireSpec(), file)
        func differ(_ value: (ModelConfig) -> String) -> Bool { value(config) != value(written) }
        var losses: [String] = []
        if differ({ "\($0.attentions.map(\.span))" }) { losses.append("the windows of layers") }
        if differ({ "\($0.attentions.map(\.scale))" }) { losses.append("the scale of attention") }
        if differ({ "\($0.ropes) \($0.attentions.map(\.rope))" }) { losses.append("details of rotary positions") }
        if let epsilon = source.spec?.latentNormEpsilon, epsilon != config.norm.epsilon {
            losses.append("the epsilon of the norms of latent vectors")
        }
        if differ({ "\($0.expertsNormalizeWeights)" }) { losses.append("how the weights of experts are normalised") }
        if differ({ "\($0.expertGroupScores)" }) { losses.append("how groups of experts are chosen") }
        if differ({ "\($0.timeSteps)" }) { losses.append("the limits of time steps") }
        return losses
    }

    /// Writes the file with `threads` threads.
    public func write(
        to output: OutputFile, threads: Int, instructionSet: InstructionSet = .best,
        progress: (Progress) -> Void = { _ in }
    ) throws {
        var writer = GGUFWriter()
        ConvertedMetadata(source, config, architecture: architecture).add(to: &writer, scheme)
        if let description = try source.tokenizerDescription() {
            let rows = source.tensor(.tokenEmbedding, .weight)?.dimensions.last ?? 0
            try ConvertedTokenizer(description).add(to: &writer, rows: rows, template: source.chatTemplate)
        } else {
            writer.add("tokenizer.ggml.model", .string("none"))
        }
        for (tensor, type) in tensors { writer.addTensor(tensor.name, dimensions: tensor.dimensions, type: type) }
        try output.write { unfinished in
            try writer.write(to: unfinished) { index, put in
                let (tensor, type) = tensors[index]
                progress(Progress(tensor: tensor.name, index: index + 1, count: tensors.count, type: type))
                guard let target = QuantizedType(id: type.id) else {
                    throw QuantizationError.unreadableType(tensor: tensor.name, type: type.name)
                }
                let encoder = RowEncoder(type: target, threads: max(1, threads), instructionSet: instructionSet)
                let read = try tensor.reader()
                guard try encoder.encode(rows: tensor.rows, cols: tensor.cols, put, fill: read) else {
                    throw QuantizationError.valueOutOfRange(tensor: tensor.name, type: type.name)
                }
            }
        }
    }
}

extension ModelConfig {
    /// Of each layer whose experts are in groups, whether the best expert counts.
    fileprivate var expertGroupScores: [Bool] {
        layers.compactMap {
            if case .experts(let experts) = $0.feedForward, experts.groups > 1 {
                experts.scoresGroupsByBest
            } else {
                nil
            }
        }
    }

    /// Of each layer with linear attention.
    fileprivate var timeSteps: [ClosedRange<Float>] {
        layers.compactMap { if case .linearAttention(let linear) = $0.mixer { linear.timeSteps } else { nil } }
    }

    /// Of each layer with experts.
    fileprivate var expertsNormalizeWeights: [Bool] {
        layers.compactMap { if case .experts(let experts) = $0.feedForward { experts.normalizesWeights } else { nil } }
    }
}
