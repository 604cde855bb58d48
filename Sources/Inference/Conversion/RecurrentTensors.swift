/// How GGUF files have the tensors of layers with a state of fixed size.
struct RecurrentTensors {
    private let config: LinearAttentionConfig?
    private let tilesHeads: Bool

    /// nil for other layers.
    init?(_ layer: LayerConfig, architecture: String) {
        switch layer.mixer {
        case .convolution: config = nil
        case .linearAttention(let linear): config = linear
        case .attention, .linear, nil: return nil
        }
        tilesHeads = Architectures.find(architecture)?.recurrence == .deltaNetwork(tilesHeads: true)
    }

    func adapt(_ tensor: inout ConvertedTensor, _ role: LayerRole, _ part: TensorPart) {
        let dimensions = tensor.view.dimensions
        // Convolutions without the dimension that has one element: [channels][length].
        if role == .mixerConvolution, part == .weight, dimensions.count > 2 {
            tensor.shape = [dimensions[0], dimensions[2]]
        }
        if role == .mixerDecayRates || role == .mixerSkips { tensor.name.removeLast(".weight".count) }
        guard let config else { return }
        if !config.isDelta {
            if role == .mixerDecayRates || role == .mixerSkips { tensor.shape = [1, config.heads] }
            if role == .mixerNorm { tensor.shape = [config.valueSize / config.keyHeads, config.keyHeads] }
        }
        guard tilesHeads, config.heads > config.keyHeads else { return }
        switch role {
        case .mixerQueryKeyValue, .mixerConvolution: tensor.order = heads(from: 2 * config.keySize, config.valueDim)
        case .mixerGate: tensor.order = heads(from: 0, config.valueDim)
        case .mixerTimes, .mixerRates, .mixerTimeBias, .mixerDecayRates: tensor.order = heads(from: 0, 1)
        case .mixerOutput where part == .weight: tensor.columns = heads(from: 0, config.valueDim)
        default: break
        }
    }

    private func heads(from first: Int, _ dim: Int) -> ElementPlaces? {
        config.map { .tiles(from: first, keyHeads: $0.keyHeads, perKeyHead: $0.heads / $0.keyHeads, dim: dim) }
    }
}
