import GGUF

/// A kind of quantized file, such as `Q4_K_M`: the type of most tensors, and the tensors with a better type.
///
/// The mixes are llama.cpp's, so that a name means the same as elsewhere.
public struct QuantizationScheme: Sendable {
    public let name: String
    /// The value of `general.file_type`.
    let fileType: UInt32
    let base: BaseType
    let upgrades: [Upgrade]

    /// The types that tensors can be written as; the raw value is ggml's id.
    enum BaseType: UInt32, Sendable {
        case f32 = 0, f16 = 1, q4_0 = 2, q4_1 = 3, q5_0 = 6, q5_1 = 7, q8_0 = 8, q4_K = 12, q5_K = 13, q6_K = 14
        case bf16 = 30
    }

    /// A tensor that gets another type than the base type in some layers.
    struct Upgrade: Sendable {
        /// A prefix of the tensor's name within its layer.
        let tensor: String
        let layers: Layers
        let type: BaseType
    }

    /// The layers that an upgrade applies to.
    enum Layers: Sendable {
        case all
        case first(Int)
        case firstEighth
        /// The first and last eighth, and every third layer in between, where errors matter most.
        case sensitive

        func contains(_ layer: Int, of count: Int) -> Bool {
            switch self {
            case .all: true
            case .first(let layers): layer < layers
            case .firstEighth: layer < count / 8
            case .sensitive: layer < count / 8 || layer >= 7 * count / 8 || (layer - count / 8) % 3 == 2
            }
        }
    }

    /// The scheme with a name, ignoring case; `Q4_K` and `Q5_K` mean their medium mixes.
    public static func find(_ name: String) -> QuantizationScheme? {
        let name = name.uppercased()
        return all.first { $0.name == name } ?? all.first { $0.name == name + "_M" }
    }

    public static let f16 = QuantizationScheme("F16", 1, .f16)

    public static let all: [QuantizationScheme] = [
        .init("F32", 0, .f32),
        f16,
        .init("BF16", 32, .bf16),
        .init("Q8_0", 7, .q8_0),
        .init("Q6_K", 18, .q6_K),
        .init(
            "Q5_K_M", 17, .q5_K,
            [
                .init(tensor: "attn_v.", layers: .sensitive, type: .q6_K),
                .init(tensor: "ffn_down", layers: .sensitive, type: .q6_K),
                .init(tensor: "attn_qkv.", layers: .sensitive, type: .q6_K),
            ]),
        .init("Q5_K_S", 16, .q5_K),
        .init("Q5_1", 9, .q5_1),
        .init("Q5_0", 8, .q5_0),
        .init(
            "Q4_K_M", 15, .q4_K,
            [
                .init(tensor: "attn_v.", layers: .sensitive, type: .q6_K),
                .init(tensor: "ffn_down", layers: .sensitive, type: .q6_K),
                .init(tensor: "attn_qkv.", layers: .sensitive, type: .q6_K),
            ]),
        .init(
            "Q4_K_S", 14, .q4_K,
            [
                .init(tensor: "attn_v.", layers: .first(4), type: .q5_K),
                .init(tensor: "attn_qkv.", layers: .first(4), type: .q5_K),
                .init(tensor: "ffn_down", layers: .firstEighth, type: .q5_K),
            ]),
        .init("Q4_1", 3, .q4_1),
        .init("Q4_0", 2, .q4_0),
    ]

    /// The types of attention matrices in models with eight experts, such as Mixtral.
    var attentionWithEightExperts: [Upgrade] {
        let keysAndValues = ["attn_v.", "attn_qkv.", "attn_k."].map {
            Upgrade(tensor: $0, layers: .all, type: .q8_0)
        }
        return base == .q4_K
            ? keysAndValues + [Upgrade(tensor: "attn_output.", layers: .all, type: .q5_K)] : keysAndValues
    }

    private init(_ name: String, _ fileType: UInt32, _ base: BaseType, _ upgrades: [Upgrade] = []) {
        self.name = name
        self.fileType = fileType
        self.base = base
        self.upgrades = upgrades
    }
}

extension QuantizationScheme.BaseType {
    private var blockElements: Int {
        switch self {
        case .f32, .f16, .bf16: 1
        case .q4_0, .q4_1, .q5_0, .q5_1, .q8_0: 32
        case .q4_K, .q5_K, .q6_K: 256
        }
    }

    var isFloat: Bool { blockElements == 1 }

    /// This type, or the next one with a block size that divides `columns`.
    func fitting(columns: Int) -> Self {
        if columns.isMultiple(of: blockElements) { return self }
        return switch self {
        case .q4_K: Self.q5_0.fitting(columns: columns)
        case .q5_K: Self.q5_1.fitting(columns: columns)
        case .q6_K: Self.q8_0.fitting(columns: columns)
        default: .f16
        }
    }
}
