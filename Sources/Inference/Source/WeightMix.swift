import GGUF

/// How the weights of a file are spread over formats and over groups of tensors.
public struct WeightMix: Sendable, Equatable {
    /// Tensors that have something in common.
    public struct Share: Sendable, Equatable {
        /// Of the format or of the group, as reports show it.
        public let name: String
        public private(set) var tensors = 0
        public private(set) var weights = 0
        public private(set) var bytes = 0
        /// The formats in it, the one with the most bytes first.
        public private(set) var formats: [String] = []

        public var bytesPerWeight: Double { weights > 0 ? Double(bytes) / Double(weights) : 0 }

        fileprivate init(_ name: String, _ members: [TensorInfo]) {
            self.name = name
            var sizes: [String: Int] = [:]
            for tensor in members {
                tensors += 1
                weights &+= tensor.elementCount
                bytes &+= tensor.byteCount
                sizes[tensor.type.name, default: 0] &+= tensor.byteCount
            }
            formats = sizes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        }
    }

    /// By format, the one with the most bytes first.
    public let formats: [Share]
    /// By what the tensors do, in the order of the computation.
    public let groups: [Share]

    public init(_ file: GGUFFile) {
        formats = Dictionary(grouping: file.tensors) { $0.type.name }.map(Share.init)
            .sorted { ($1.bytes, $0.name) < ($0.bytes, $1.name) }
        let members = Dictionary(grouping: file.tensors, by: WeightPurpose.init)
        groups = WeightPurpose.allCases.compactMap { group in members[group].map { Share(group.rawValue, $0) } }
    }
}

/// What tensors do.
private enum WeightPurpose: String, CaseIterable {
    case embeddings
    case attention
    /// Mixers with a state of fixed size. What files call `attn_` there counts as attention.
    case recurrent
    case feedForward = "feed-forward"
    case experts
    case output
    /// All tensors of one dimension.
    case vectors = "norms and biases"
    case other

    init(_ tensor: TensorInfo) {
        let parts = tensor.name.split(separator: ".", maxSplits: 2)
        let name = parts.count == 3 && parts[0] == "blk" ? parts[2] : Substring(tensor.name)
        self =
            if tensor.dimensions.count < 2 {
                .vectors
            } else if name.contains("_embd.") {
                .embeddings
            } else if name.hasPrefix("output.") {
                .output
            } else if name.hasPrefix("attn_") {
                .attention
            } else if name.hasPrefix("ssm_") || name.hasPrefix("shortconv.") {
                .recurrent
            } else if name.contains(/^ffn_.*(_exps|_chexps)\./) || name.contains(/^ffn_(gate|up|down)\.\d+\./) {
                .experts
            } else if name.hasPrefix("ffn_") {
                .feedForward
            } else {
                .other
            }
    }
}
