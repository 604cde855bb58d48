import GGUF

/// How many of a model's weights a token uses, from the shapes and types of its tensors.
public struct WeightUse: Sendable, Equatable {
    /// All weights of the model.
    public private(set) var parameters = 0
    /// The weights that a token goes through: without the experts that are not chosen for it, without rows of per-layer
    /// embeddings that belong to other tokens, and without layers that only predict further tokens. The token embedding
    /// counts in full, as in the names of models ("30B-A3B").
    public private(set) var activeParameters = 0
    /// Bytes of all tensors.
    public private(set) var byteCount = 0
    /// Bytes of weights that are read to compute a token. Of the token embedding that is one row, unless it is also the
    /// output matrix.
    public private(set) var activeBytes = 0
    /// Bytes of all experts, and of those that a token uses.
    public private(set) var expertBytes = 0
    public private(set) var activeExpertBytes = 0

    /// A tensor, wherever it is.
    struct Tensor {
        let name: String
        /// The contiguous dimension first.
        let dimensions: [Int]
        let elementCount: Int
        let byteCount: Int
    }

    /// What part of a tensor a token uses.
    enum Use {
        case always
        case never
        /// The chosen ones of this number of experts.
        case experts(Int)
        /// One of this number of rows.
        case row(of: Int)
        /// The same, and all rows if it is also the output matrix.
        case tokenEmbedding(rows: Int)
    }

    /// Weights and bytes.
    private struct Amount {
        var parameters = 0
        var bytes = 0

        static func += (sum: inout Amount, other: Amount) {
            sum.parameters &+= other.parameters
            sum.bytes &+= other.bytes
        }

        /// `used` of `count` equal parts.
        func share(_ used: Int, of count: Int) -> Amount {
            Amount(parameters: parameters / count &* used, bytes: bytes / count &* used)
        }
    }

    /// - Parameters:
    ///   - used: how many of its experts a token uses.
    ///   - isTied: whether the token embedding is also the output matrix.
    init(_ tensors: [Tensor], expertsUsed used: Int?, isTied: Bool, use: (Tensor) -> Use) {
        // In some files an expert is a tensor of its own, so experts are only divided when all have been added.
        var ofExperts: [Int: Amount] = [:]
        for tensor in tensors {
            let whole = Amount(parameters: tensor.elementCount, bytes: tensor.byteCount)
            parameters &+= whole.parameters
            byteCount &+= whole.bytes
            switch use(tensor) {
            case .always: add(whole)
            case .never: break
            case .experts(let count): ofExperts[count, default: Amount()] += whole
            case .row(let rows): add(whole.share(1, of: rows))
            case .tokenEmbedding(let rows):
                activeParameters &+= whole.parameters
                activeBytes &+= isTied ? whole.bytes : whole.share(1, of: rows).bytes
            }
        }
        for (count, amount) in ofExperts {
            let chosen = amount.share(min(used ?? count, count), of: count)
            add(chosen)
            expertBytes &+= amount.bytes
            activeExpertBytes &+= chosen.bytes
        }
    }

    /// Of tensors with the names of GGUF.
    ///
    /// - Parameters:
    ///   - experts: the number of experts per layer, and how many of them a token uses; nil for other models.
    ///   - layers: how many layers compute a token. Those after them are not used.
    init(_ tensors: [Tensor], experts: (count: Int, used: Int)?, layers: Int?) {
        self.init(
            tensors, expertsUsed: experts?.used, isTied: !tensors.contains { $0.name == "output.weight" },
            use: { Use($0, experts: experts?.count, layers: layers) })
    }

    private mutating func add(_ amount: Amount) {
        activeParameters &+= amount.parameters
        activeBytes &+= amount.bytes
    }
}

extension WeightUse.Use {
    fileprivate init(_ tensor: WeightUse.Tensor, experts: Int?, layers: Int?) {
        let rows = max(1, tensor.dimensions.dropFirst().first ?? 1)
        switch tensor.name {
        case "token_embd.weight": self = .tokenEmbedding(rows: rows)
        case "per_layer_token_embd.weight", "position_embd.weight": self = .row(of: rows)
        default:
            let parts = tensor.name.split(separator: ".", maxSplits: 2)
            guard parts.count == 3, parts[0] == "blk", let layer = Int(parts[1]) else {
                self = .always
                return
            }
            if let layers, layer >= layers {
                self = .never
            } else {
                self = Self.experts(parts[2], tensor.dimensions, count: experts).map(Self.experts) ?? .always
            }
        }
    }

    /// The number of experts whose weights are in a tensor; nil if every token uses all of it.
    ///
    /// - Parameter name: within the layer, such as "ffn_up_exps.weight". Shared experts ("ffn_up_shexp.weight") are always
    ///   used.
    private static func experts(_ name: Substring, _ dimensions: [Int], count: Int?) -> Int? {
        guard let count, name.hasPrefix("ffn_"), let last = dimensions.last else { return nil }
        if name.contains("_exps.") { return last == count ? count : nil }
        // Grove MoE: small experts, one for each group of the others.
        if name.contains("_chexps.") { return dimensions.count > 1 ? last : nil }
        // Old files have a tensor for each expert: "blk.0.ffn_up.3.weight".
        return name.contains(/^ffn_(gate|up|down)\.\d+\.weight$/) ? count : nil
    }
}

extension WeightUse {
    /// The use of a GGUF file's tensors.
    ///
    /// - Parameter byteCount: their sizes, if they are not those in the file.
    init(_ file: GGUFFile, byteCount: (TensorInfo) -> Int = { $0.byteCount }) {
        let architecture = file.metadata["general.architecture"]?.string ?? ""
        /// A number, or the largest of one for each layer.
        func number(_ key: String) -> Int? {
            let value = file.metadata["\(architecture).\(key)"]
            return value?.int ?? value?.array?.ints()?.max()
        }
        var experts: (count: Int, used: Int)?
        if let count = number("expert_count"), let used = number("expert_used_count"), used > 0, used < count {
            experts = (count, used)
        }
        let layers = number("block_count").map { $0 - min($0, max(0, number("nextn_predict_layers") ?? 0)) }
        let tensors = file.tensors.map {
            Tensor(
                name: $0.name, dimensions: $0.dimensions, elementCount: $0.elementCount, byteCount: byteCount($0))
        }
        self.init(tensors, experts: experts, layers: layers)
    }
}
