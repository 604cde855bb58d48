import JSON

/// What `quantization_config` in a `config.json` says about weights that are packed.
struct QuantizationConfig: Sendable {
    /// "gptq", "awq", "fp8", "mxfp4", "modelopt", "compressed-tensors" …; empty if there is none.
    let method: String
    let bits: Int?
    /// Weights of a row that share a scale; nil for all of them.
    let groupSize: Int?
    /// Whether zero is in the middle of the codes.
    let isSymmetric: Bool
    /// Whether columns belong to groups in an order of their own (`desc_act`).
    let hasGroupOrder: Bool
    /// What is added to the stored zeros of GPTQ: 1 in its first form.
    let zeroOffset: Int
    /// The rows and columns that share a scale, of FP8.
    let blockSize: (rows: Int, cols: Int)

    private static let sizes = 1...1 << 20

    init(_ fields: JSONObject?) {
        method = fields?["quant_method"]?.string ?? ""
        bits = fields?["bits"]?.integer
        groupSize = fields?["group_size"]?.integer.flatMap { Self.sizes.contains($0) ? $0 : nil }
        isSymmetric = fields?["sym"]?.bool ?? false
        hasGroupOrder = fields?["desc_act"]?.bool ?? false
        zeroOffset = fields?["checkpoint_format"]?.string == "gptq_v2" ? 0 : 1
        let sizes = (fields?["weight_block_size"]?.array ?? []).compactMap(\.integer)
        blockSize = sizes.count == 2 && sizes.allSatisfy(Self.sizes.contains) ? (sizes[0], sizes[1]) : (128, 128)
    }

    /// What people call the format; nil if the method has several.
    var label: String? { ["gptq": "GPTQ", "awq": "AWQ", "fp8": "FP8", "mxfp4": "MXFP4"][method] }
}
