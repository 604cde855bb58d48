/// A row of a mix: which tensors get another type than the base type. Of the rows that apply to a tensor, the first one
/// counts.
struct MixRow: Sendable {
    let group: TensorGroup
    let layers: MixLayers
    let models: MixModels
    let type: EncodedType

    init(_ group: TensorGroup, _ layers: MixLayers = .all, if models: MixModels = .all, to type: EncodedType) {
        (self.group, self.layers, self.models, self.type) = (group, layers, models, type)
    }
}

/// The groups of tensors that mixes distinguish.
enum TensorGroup: Sendable {
    case output
    /// Also those of layers (Gemma 3n).
    case embeddings
    /// Attention's values, and matrices that contain them.
    case values
    case keys
    case attentionOutput
    /// The last matrices of feed-forward networks.
    case down
    case others

    init(_ name: String) {
        self =
            switch name {
            case "output.weight": .output
            case "token_embd.weight", "per_layer_token_embd.weight": .embeddings
            case _ where Self.valueMatrices.contains(where: name.contains): .values
            case _ where name.contains("attn_k.weight"): .keys
            case _ where name.contains("attn_output.weight"): .attentionOutput
            case _ where name.contains("ffn_down"): .down
            default: .others
            }
    }

    private static let valueMatrices = ["attn_qkv.weight", "attn_kv_b.weight", "attn_v.weight"]
}

/// The layers that a row applies to.
enum MixLayers: Sendable {
    case all
    case first(Int)
    case firstEighth
    case firstSixteenth
    /// The first and last eighth, and every third layer in between, where errors matter most.
    case sensitive

    func contains(_ layer: Int, of count: Int) -> Bool {
        switch self {
        case .all: true
        case .first(let layers): layer < layers
        case .firstEighth: layer < count / 8
        case .firstSixteenth: layer < count / 16
        case .sensitive: layer < count / 8 || layer >= 7 * count / 8 || (layer - count / 8) % 3 == 2
        }
    }
}

/// The models that a row applies to.
enum MixModels: Sendable {
    case all
    case falcon
    /// Like Mixtral. Their attention is so small a part of the model that its precision costs little.
    case withEightExperts
    /// At least four queries share keys and values, whose matrices are therefore small.
    case withGroupedQueries
    case withImportance
    case withoutImportance

    func contains(_ model: QuantizedModel) -> Bool {
        switch self {
        case .all: true
        case .falcon: model.architecture == "falcon"
        case .withEightExperts: model.experts == 8
        case .withGroupedQueries: model.queriesPerKey >= 4
        case .withImportance: model.hasImportance
        case .withoutImportance: !model.hasImportance
        }
    }
}
