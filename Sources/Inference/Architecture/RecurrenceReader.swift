/// Reads the shapes of layers with a state of fixed size.
struct RecurrenceReader {
    private let spec: ArchitectureSpec
    private let reader: ConfigReader

    private static let lengths = 1...16

    init(_ spec: ArchitectureSpec, _ reader: ConfigReader) { (self.spec, self.reader) = (spec, reader) }

    /// nil for a layer without such a mixer. Those that have one show their convolution.
    func mixer(_ layer: Int) throws(ModelError) -> MixerConfig? {
        guard let recurrence = spec.recurrence, has(layer, .mixerConvolution) else { return nil }
        switch recurrence {
        case .convolution:
            return .convolution(length: try reader.int(.gatedConvolutionLength, in: Self.lengths))
        case .deltaNetwork(let tilesHeads):
            return .linearAttention(try linearAttention(layer, isDelta: true, tilesHeads: tilesHeads))
        case .mamba2:
            return .linearAttention(try linearAttention(layer, isDelta: false, tilesHeads: false))
        }
    }

    private func linearAttention(
        _ layer: Int, isDelta: Bool, tilesHeads: Bool
    ) throws(ModelError) -> LinearAttentionConfig {
        let heads = try reader.int(.stateHeads, in: 1...4096)
        let keyHeads = try reader.int(.stateKeyHeads, in: 1...heads, default: 1)
        guard heads % keyHeads == 0 else {
            throw reader.invalid(.stateKeyHeads, found: "\(keyHeads)", expected: "a divisor of \(heads)")
        }
        let inner = try reader.int(.stateInnerSize, in: 1...1_048_576)
        guard inner % heads == 0, inner / heads <= 1024 else {
            throw reader.invalid(
                .stateInnerSize, found: "\(inner)", expected: "a multiple of \(heads), at most \(heads * 1024)")
        }
        return LinearAttentionConfig(
            heads: heads, keyHeads: keyHeads, keyDim: try reader.int(.stateKeyDim, in: 1...1024),
            valueDim: inner / heads, convolutionLength: try reader.int(.convolutionLength, in: Self.lengths),
            isDelta: isDelta, tilesHeads: tilesHeads,
            isByKeyHead: isDelta && has(layer, .mixerInput) && !has(layer, .mixerQueryKeyValue),
            timeSteps: spec.timeSteps)
    }

    private func has(_ layer: Int, _ role: LayerRole) -> Bool {
        reader.source.tensor(.layer(layer, role), .weight) != nil
    }
}
