/// The values of a model's configuration, by the names that this program uses. Each source has its own spelling.
package enum ConfigKey: Sendable, CaseIterable {
    case layers, hiddenSize, ffnSize, heads, kvHeads, headDim, valueDim, contextLength
    case normEpsilon
    case ropeDim, ropeBase, localRoPEBase
    case ropeScalingType, ropeScalingFactor, ropeScalingFactorOlder, ropeScalingMagnitude, ropeOriginalContext
    case yarnBetaFast, yarnBetaSlow, yarnLogMultiplier
    case slidingWindow, slidingWindowPattern
    case attentionSoftCap, logitSoftCap
}

/// A value of a configuration.
package enum ConfigValue: Sendable, Equatable {
    case integer(Int), number(Double), flag(Bool), text(String)
    case integers([Int]), flags([Bool])
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
        case .integers, .flags: "a value of type array"
        case .other(let type): "a value of type \(type)"
        }
    }
}
