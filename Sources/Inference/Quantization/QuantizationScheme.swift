/// A kind of quantized file, such as `Q4_K_M`: the type of most tensors, and the tensors with another type.
///
/// The mixes are llama.cpp's, so that a name means the same as elsewhere.
public struct QuantizationScheme: Sendable {
    public let name: String
    /// The value of `general.file_type`.
    let fileType: UInt32
    let base: EncodedType
    let mix: [MixRow]
    /// The type of matrices that are not those of several experts; nil for the base type.
    let dense: EncodedType?

    /// The scheme with a name, ignoring case; `Q3_K`, `Q4_K` and `Q5_K` mean their medium mixes.
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
        .init("Q5_K_M", 17, .q5_K, [.init(.values, .sensitive, to: .q6_K), .init(.down, .sensitive, to: .q6_K)]),
        .init("Q5_K_S", 16, .q5_K),
        .init("Q5_1", 9, .q5_1),
        .init("Q5_0", 8, .q5_0, [.init(.down, .firstEighth, if: .withImportance, to: .q5_1)]),
        .init(
            "Q4_K_M", 15, .q4_K,
            [
                .init(.values, .sensitive, to: .q6_K),
                .init(.down, .firstSixteenth, if: .falcon, to: .q6_K),
                .init(.down, .sensitive, if: .falcon, to: .q5_K),
                .init(.down, if: .falcon, to: .q4_K),
                .init(.down, .sensitive, to: .q6_K),
                .init(.attentionOutput, if: .falcon, to: .q4_K),
                .init(.attentionOutput, if: .withEightExperts, to: .q5_K),
            ]),
        .init(
            "Q4_K_S", 14, .q4_K,
            [
                .init(.values, .first(4), to: .q5_K),
                .init(.down, if: .falcon, to: .q4_K),
                .init(.down, .firstEighth, to: .q5_K),
                .init(.attentionOutput, if: .falcon, to: .q4_K),
                .init(.attentionOutput, if: .withEightExperts, to: .q5_K),
            ]),
        .init("Q4_1", 3, .q4_1),
        .init("Q4_0", 2, .q4_0, [.init(.down, .firstEighth, if: .withImportance, to: .q4_1)]),
        .init("IQ4_NL", 25, .iq4_nl, nonlinearMix(.iq4_nl)),
        .init("IQ4_XS", 30, .iq4_xs, nonlinearMix(.iq4_xs)),
        .init("MXFP4_MOE", 38, .mxfp4, dense: .q8_0),
        .init(
            "Q3_K_L", 13, .q3_K,
            [
                .init(.values, to: .q5_K),
                .init(.down, if: .falcon, to: .q4_K),
                .init(.down, to: .q5_K),
                .init(.attentionOutput, if: .falcon, to: .q4_K),
                .init(.attentionOutput, if: .withEightExperts, to: .q3_K),
                .init(.attentionOutput, to: .q5_K),
            ]),
        .init(
            "Q3_K_M", 12, .q3_K,
            [
                .init(.values, .first(2), to: .q5_K),
                .init(.values, to: .q4_K),
                .init(.down, .firstSixteenth, to: .q5_K),
                .init(.down, .sensitive, to: .q4_K),
                .init(.down, if: .falcon, to: .q3_K),
                .init(.down, to: .q4_K),
                .init(.attentionOutput, if: .falcon, to: .q3_K),
                .init(.attentionOutput, if: .withEightExperts, to: .q5_K),
                .init(.attentionOutput, to: .q4_K),
            ]),
        .init(
            "Q3_K_S", 11, .q3_K,
            [
                .init(.attentionOutput, if: .falcon, to: .q3_K),
                .init(.attentionOutput, if: .withEightExperts, to: .q5_K),
            ]),
        .init(
            "Q2_K", 10, .q2_K,
            [
                .init(.values, if: .withGroupedQueries, to: .q4_K),
                .init(.values, to: .q3_K),
                .init(.down, to: .q3_K),
                .init(.attentionOutput, if: .falcon, to: .q2_K),
                .init(.attentionOutput, if: .withEightExperts, to: .q5_K),
                .init(.attentionOutput, to: .q3_K),
            ]),
    ]

    /// The mix of the formats with unequal steps.
    private static func nonlinearMix(_ base: EncodedType) -> [MixRow] {
        [
            .init(.values, if: .withGroupedQueries, to: .q5_K),
            .init(.down, .firstEighth, if: .withoutImportance, to: .q5_K),
            .init(.attentionOutput, if: .falcon, to: base),
            .init(.attentionOutput, if: .withEightExperts, to: .q5_K),
        ]
    }

    private init(
        _ name: String, _ fileType: UInt32, _ base: EncodedType, _ mix: [MixRow] = [], dense: EncodedType? = nil
    ) {
        (self.name, self.fileType, self.base, self.mix, self.dense) = (name, fileType, base, mix, dense)
    }
}
