/// The values of a model's configuration, by the names that this program uses. Each source has its own spelling.
package enum ConfigKey: Sendable, CaseIterable {
    case layers, hiddenSize, heads, kvHeads, headDim, valueDim, localHeadDim, localValueDim, contextLength
    /// Layers at the end that predict several tokens at once, which this program does not use.
    case predictionLayers
    case layerRepeats, skipsNormBetweenRepeats
    case normEpsilon, layerNormEpsilon
    case ropeDim, localRoPEDim, ropeBase, localRoPEBase, ropeSections, ropeIsTrained, ropePattern
    case ropeScalingType, ropeScalingFactor, ropeScalingFactorOlder, ropeScalingMagnitude, ropeScalingAlpha
    case ropeOriginalContext
    case yarnBetaFast, yarnBetaSlow, yarnLogMultiplier, yarnMix, linearMagnitude
    case slidingWindow, slidingWindowPattern, sharedKVLayers
    case attentionScale, attentionOutputScale, valueScale, temperatureScale, temperatureLength, alibiBias,
        projectionClamp
    case attentionSoftCap, logitSoftCap
    case isParallel, residualScale, embeddingScale, logitScale
    /// Ranks of latent attention, and the sizes of a head after the expansion; the other sizes are those of the latent vector
    /// with the rotated part of the keys, which all heads share.
    case latentRank, queryRank, expandedHeadDim, expandedValueDim
    /// Sizes of recurrent layers.
    case convolutionLength, gatedConvolutionLength, stateHeads, stateKeyHeads, stateKeyDim, stateInnerSize
    case fullAttentionInterval
    case experts, expertsUsed, expertLatentSize, expertGroups, expertGroupsUsed, expertGating
    case expertWeightsScale, expertWeightsNormalization, leadingDenseLayers
    case expertsPerGroup, expertGroupScale
    case expertLimit, sharedExpertLimit
    case xIELUAlphaN, xIELUAlphaP, xIELUBeta, xIELUEpsilon
}

/// A value of a configuration.
package enum ConfigValue: Sendable, Equatable {
    case integer(Int), number(Double), flag(Bool), text(String)
    case integers([Int]), numbers([Double]), flags([Bool])
    /// Anything else, by the name of its type.
    case other(String)

    package var integer: Int? {
        if case .integer(let value) = self { value } else { nil }
    }

    package var number: Double? {
        switch self {
        case .number(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }

    package var flag: Bool? {
        if case .flag(let value) = self { value } else { nil }
    }

    package var text: String? {
        if case .text(let value) = self { value } else { nil }
    }

    /// One flag per layer; numbers count as true unless they are 0.
    var flags: [Bool]? {
        switch self {
        case .flags(let values): values
        case .integers(let values): values.map { $0 != 0 }
        default: nil
        }
    }

    /// For messages.
    var described: String {
        switch self {
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .flag: "a value of type bool"
        case .text: "a value of type string"
        case .integers, .numbers, .flags: "a value of type array"
        case .other(let type): "a value of type \(type)"
        }
    }
}
