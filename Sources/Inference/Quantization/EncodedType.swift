/// The types that tensors can be written as; the raw value is ggml's id.
enum EncodedType: UInt32, Sendable {
    case f32 = 0, f16 = 1, q4_0 = 2, q4_1 = 3, q5_0 = 6, q5_1 = 7, q8_0 = 8
    case q2_K = 10, q3_K = 11, q4_K = 12, q5_K = 13, q6_K = 14, iq4_nl = 20, iq4_xs = 23, bf16 = 30, mxfp4 = 39

    private var blockElements: Int {
        switch self {
        case .f32, .f16, .bf16: 1
        case .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .iq4_nl, .mxfp4: 32
        case .q2_K, .q3_K, .q4_K, .q5_K, .q6_K, .iq4_xs: 256
        }
    }

    var isFloat: Bool { blockElements == 1 }

    /// This type, or the next one with a block size that divides `columns`.
    func fitting(columns: Int) -> Self {
        if fits(columns: columns) { return self }
        return switch self {
        case .q2_K, .q3_K: Self.q4_0.fitting(columns: columns)
        case .q4_K: Self.q5_0.fitting(columns: columns)
        case .q5_K: Self.q5_1.fitting(columns: columns)
        case .q6_K: Self.q8_0.fitting(columns: columns)
        case .iq4_xs: Self.iq4_nl.fitting(columns: columns)
        default: .f16
        }
    }

    func fits(columns: Int) -> Bool { columns.isMultiple(of: blockElements) }
}
