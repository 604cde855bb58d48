/// Makes mixers with a state of fixed size of a layer's tensors.
struct RecurrenceLoader {
    let reader: TensorReader
    let tensors: LayerTensors
    /// What scales of matrices apply to.
    let scale: TensorReader.ScaleUse

    private var size: Int { tensors.config.hiddenSize }

    // MARK: Gated convolutions

    func gatedConvolution(length: Int) throws(ModelError) -> GatedConvolution {
        let parts = try reader.split(
            fused: tensors.role(.mixerInput), biases: [], rows: [size, size, size], cols: size, scale: scale)
        return GatedConvolution(
            before: parts[0], after: parts[1], input: parts[2],
            convolution: try convolutions(length: length, channels: [size])[0],
            output: try tensors.linear(.mixerOutput, rows: size, cols: size, scale: scale))
    }

    /// Convolutions of some channels each, from a tensor with all of them. [channels][length]
    private func convolutions(length: Int, channels: [Int]) throws(ModelError) -> [CausalConvolution] {
        let role = tensors.role(.mixerConvolution), all = channels.reduce(0, +)
        if let tensor = reader.source.tensor(role, .weight), tensor.dimensions.first != length {
            throw .wrongShape(tensor: tensor.name, found: tensor.dimensions, expected: [length, all])
        }
        let weights = try reader.vector(role, count: all * length)
        let bias = try reader.optionalVector(role, .bias, count: all)
        var first = 0
        var convolutions: [CausalConvolution] = []
        for count in channels {
            let own = FloatBuffer(count: length * count)
            for channel in 0..<count {
                for token in 0..<length {
                    own.base[token * count + channel] = weights.base[(first + channel) * length + token]
                }
            }
            convolutions.append(
                CausalConvolution(
                    weights: own, bias: bias?.slice(first, count), length: length, channels: count,
                    stateOffset: (length - 1) * first))
            first += count
        }
        return convolutions
    }

    // MARK: Linear attention

    func linearAttention(_ config: LinearAttentionConfig) throws(ModelError) -> LinearAttention {
        let (keys, values) = (config.keySize, config.valueSize)
        var convolutions = try convolutions(
            length: config.convolutionLength, channels: config.isDelta ? [keys, keys, values] : [values, keys, keys])
        // The state space's inputs are its values, B and C its keys and queries.
        if !config.isDelta { convolutions.reverse() }
        return LinearAttention(
            config: config, input: config.isDelta ? try deltaInput(config) : try stateSpaceInput(config),
            convolutions: convolutions,
            timeBias: try reader.vector(tensors.role(.mixerTimeBias), .bias, count: config.heads),
            decayRates: try tensors.vector(.mixerDecayRates, count: config.heads),
            skips: try tensors.optionalVector(.mixerSkips, count: config.heads), norm: try norm(config),
            output: try tensors.linear(.mixerOutput, rows: size, cols: values, scale: scale))
    }

    private func norm(_ config: LinearAttentionConfig) throws(ModelError) -> HeadNorm {
        guard !config.isDelta else { return .heads(try tensors.norm(.mixerNorm, config.valueDim)) }
        return .factors(
            Norm(tensors.config.norm, size: config.valueSize / config.keyHeads),
            try tensors.vector(.mixerNorm, count: config.valueSize))
    }

    private func stateSpaceInput(_ config: LinearAttentionConfig) throws(ModelError) -> LinearAttention.Input {
        let rows = [config.valueSize, config.valueSize, config.keySize, config.keySize, config.heads]
        let parts = try reader.split(
            fused: tensors.role(.mixerInput), biases: [], rows: rows, cols: size, scale: scale)
        return .separate(
            query: parts[3], key: parts[2], value: parts[1], gate: parts[0], times: parts[4], rates: nil)
    }

    private func deltaInput(_ config: LinearAttentionConfig) throws(ModelError) -> LinearAttention.Input {
        func ratesAndTimes() throws(ModelError) -> Linear {
            try tensors.linear(.mixerRatesAndTimes, rows: 2 * config.heads, cols: size, scale: scale)
        }
        guard !config.isByKeyHead else {
            return .byKeyHead(
                all: try tensors.linear(.mixerInput, rows: config.inputRows, cols: size, scale: scale),
                ratesAndTimes: try ratesAndTimes())
        }
        let parts = try reader.split(
            fused: tensors.role(.mixerQueryKeyValue), biases: [],
            rows: [config.keySize, config.keySize, config.valueSize], cols: size, scale: scale)
        let gate = try tensors.linear(.mixerGate, rows: config.valueSize, cols: size, scale: scale)
        guard !tensors.has(.mixerRatesAndTimes) else {
            return .ratesByKeyHead(
                query: parts[0], key: parts[1], value: parts[2], gate: gate, ratesAndTimes: try ratesAndTimes())
        }
        return .separate(
            query: parts[0], key: parts[1], value: parts[2], gate: gate,
            times: try tensors.linear(.mixerTimes, rows: config.heads, cols: size, scale: scale),
            rates: try tensors.linear(.mixerRates, rows: config.heads, cols: size, scale: scale))
    }
}
