import GGUF

/// A model with the shape of a real one but random weights and no vocabulary, for measuring speed.
public struct SyntheticModel: Sendable {
    public let name: String
    /// The value of `general.architecture`.
    var architecture = "llama"
    public private(set) var layers: Int
    /// The layers of the model whose shape this is.
    public let allLayers: Int
    let hiddenSize: Int
    let heads: Int
    let kvHeads: Int
    let headDim: Int
    let vocabulary: Int
    let feedForward: FeedForward
    var parts: Set<Part> = []
    var window: Window?
    var perLayer: PerLayerEmbeddings?
    var contextLength = 131_072
    var ropeBase: Float = 500_000
    var normEpsilon: Float = 1e-5
    /// The type of the layers' matrices, one of `blockTypes`, written as random blocks; nil for encoded weights.
    public var blockType: TensorType?
    public static let blockTypes = TensorType.all.filter {
        $0.blockElements > 1 && QuantizedType(id: $0.id) != nil
    }
    /// Keys that only this family has, without its prefix.
    var metadata: [(key: String, value: GGUFValue)] = []

    /// Sizes are the rows of `ffn_up`.
    enum FeedForward: Sendable {
        case dense(size: Int)
        /// - count: in each layer. used: by each token. size: of each expert.
        case experts(count: Int, used: Int, size: Int)
    }

    /// What only some families have.
    enum Part: Sendable {
        /// An output matrix of its own.
        case output
        case queryKeyNorms
        /// Of attention matrices, routers and experts.
        case biases
        case sinks
        /// Norms of what attention and feed-forward network add.
        case postNorms
        /// gpt-oss calls the norm before the feed-forward network `post_attention_norm`.
        case renamedFFNNorm
    }

    /// Layers with sliding windows: all but the last of each group.
    struct Window: Sendable {
        /// In tokens.
        let length: Int
        /// Layers in a group.
        let group: Int
        /// Of these layers' heads.
        let headDim: Int
        /// Whether the file lists which layers these are, instead of leaving that to the family.
        var isListed = false
    }

    /// A second embedding, added in each layer. (Gemma 3n and 4)
    struct PerLayerEmbeddings: Sendable {
        let size: Int
        /// The last layers, which use keys and values of earlier ones.
        let layersWithoutKeys: Int
    }

    init(
        name: String, layers: Int, hiddenSize: Int, heads: Int, kvHeads: Int, headDim: Int, vocabulary: Int,
        feedForward: FeedForward
    ) {
        self.name = name
        self.layers = layers
        allLayers = layers
        self.hiddenSize = hiddenSize
        self.heads = heads
        self.kvHeads = kvHeads
        self.headDim = headDim
        self.vocabulary = vocabulary
        self.feedForward = feedForward
    }

    /// The same shape with fewer layers, so that it fits a disk or a memory. `count` is 1 or more; from `allLayers` on, this
    /// is the whole model.
    public func with(layers count: Int) -> SyntheticModel {
        var model = self
        model.layers = min(max(1, count), allLayers)
        return model
    }

    // MARK: Writing

    /// The numbers of parameters, and the bytes of the file's tensors in a format.
    public func weightUse(_ scheme: QuantizationScheme) -> WeightUse {
        let rules = rules(scheme)
        let sizes = tensors.map { tensor -> WeightUse.Tensor in
            let type = type(of: tensor, rules)
            return WeightUse.Tensor(
                name: tensor.name, dimensions: tensor.dimensions, elementCount: tensor.elementCount,
                byteCount: tensor.elementCount / type.blockElements * type.blockBytes)
        }
        var experts: (count: Int, used: Int)?
        if case .experts(let count, let used, _) = feedForward { experts = (count, used) }
        return WeightUse(sizes, experts: experts, layers: layers)
    }

    /// Writes the model. The same shape, format and seed give the same file on every machine.
    ///
    /// - Parameter progress: called with the tensor that is written next, from 0, and their number.
    public func write(
        to output: OutputFile, scheme: QuantizationScheme = .f16, seed: UInt64, threads: Int,
        instructionSet: InstructionSet = .best, progress: (_ tensor: Int, _ count: Int) -> Void = { _, _ in }
    ) throws {
        let (tensors, rules) = (tensors, rules(scheme))
        var writer = GGUFWriter()
        addMetadata(to: &writer, scheme)
        for tensor in tensors {
            writer.addTensor(tensor.name, dimensions: tensor.dimensions, type: type(of: tensor, rules))
        }
        let blocks = blockType.flatMap { QuantizedType(id: $0.id) }.map(RandomBlocks.init)
        try output.write { unfinished in
            try writer.write(to: unfinished) { index, put in
                progress(index, tensors.count)
                let tensor = tensors[index]
                let type = type(of: tensor, rules)
                if type == blockType, var blocks {
                    try blocks.write(tensor.elementCount / type.blockElements, put)
                    return
                }
                guard let type = QuantizedType(id: type.id) else { return }
                let weights = RandomWeights(seed: seed &+ UInt64(index) << 40, mean: tensor.mean)
                let encoder = RowEncoder(type: type, threads: threads, instructionSet: instructionSet)
                let cols = tensor.dimensions[0]
                try encoder.encode(rows: tensor.elementCount / cols, cols: cols, put) { row, floats in
                    weights.fill(floats, from: row * cols)
                }
            }
        }
    }

    private func type(of tensor: SyntheticTensor, _ rules: QuantizationRules) -> TensorType {
        if let blockType, tensor.isLayerMatrix, tensor.dimensions[0].isMultiple(of: blockType.blockElements) {
            return blockType
        }
        return tensor.type(rules)
    }

    private func rules(_ scheme: QuantizationScheme) -> QuantizationRules {
        QuantizationRules(
            scheme: scheme,
            model: QuantizedModel(
                architecture: architecture, layers: layers, experts: expertCount, queriesPerKey: heads / kvHeads,
                hasImportance: false, tensors: tensors.map { ($0.name, $0.dimensions) }))
    }

    var expertCount: Int { if case .experts(let count, _, _) = feedForward { count } else { 0 } }

    /// Whether a layer attends only to the latest positions.
    func isWindowed(_ layer: Int) -> Bool { window.map { layer % $0.group < $0.group - 1 } ?? false }

    /// Whether a layer has keys and values of its own. At least one group has, however few layers there are.
    func hasKeys(_ layer: Int) -> Bool { layer < layers - layersWithoutKeys }

    /// The same share of the layers as in the whole model.
    var layersWithoutKeys: Int {
        let share = (perLayer?.layersWithoutKeys ?? 0) * layers / allLayers
        return max(0, min(share, layers - (window?.group ?? 0)))
    }
}
