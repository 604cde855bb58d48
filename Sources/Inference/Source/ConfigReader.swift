/// Reads hyperparameters from a source's configuration and checks the ranges of values.
struct ConfigReader {
    let source: any ModelSource

    /// An integer, or a per-layer list whose values are all the same.
    func int(_ key: ConfigKey, in range: ClosedRange<Int>, default: Int? = nil) throws(ModelError) -> Int {
        guard let value = source.value(key) else {
            if let `default` { return `default` }
            throw .missingMetadata(source.spelling(key))
        }
        guard let number = value.integer ?? uniform(value), range.contains(number) else {
            throw invalid(key, found: value.described, expected: "an integer in \(describe(range))")
        }
        return number
    }

    /// An integer for each layer, from a list or the same for all; [layers].
    func ints(
        _ key: ConfigKey, layers: Int, in range: ClosedRange<Int>, default: Int? = nil
    ) throws(ModelError) -> [Int] {
        guard case .integers(let values) = source.value(key) else {
            return Array(repeating: try int(key, in: range, default: `default`), count: layers)
        }
        guard values.count >= layers, values[..<layers].allSatisfy(range.contains) else {
            throw invalid(key, found: "another list", expected: "\(layers) integers in \(describe(range))")
        }
        return Array(values[..<layers])
    }

    /// A number for each layer, from a list or the same for all; [layers].
    func doubles(
        _ key: ConfigKey, layers: Int, in range: ClosedRange<Double>, default: Double? = nil
    ) throws(ModelError) -> [Double] {
        guard case .numbers(let values) = source.value(key) else {
            return Array(repeating: try double(key, in: range, default: `default`), count: layers)
        }
        guard values.count >= layers, values[..<layers].allSatisfy(range.contains) else {
            throw invalid(key, found: "another list", expected: "\(layers) numbers in \(describe(range))")
        }
        return Array(values[..<layers])
    }

    func double(_ key: ConfigKey, in range: ClosedRange<Double>, default: Double? = nil) throws(ModelError) -> Double {
        guard let value = source.value(key) else {
            if let `default` { return `default` }
            throw .missingMetadata(source.spelling(key))
        }
        guard let number = value.number, range.contains(number) else {
            throw invalid(key, found: value.described, expected: "a number in \(describe(range))")
        }
        return number
    }

    /// The first of two keys if the source has it, else the second. Some files say 0 for none.
    func present(_ key: ConfigKey, else other: ConfigKey) -> ConfigKey {
        (source.value(key) ?? .integer(0)) == .integer(0) ? other : key
    }

    func text(_ key: ConfigKey) -> String? { source.value(key)?.text }

    func flag(_ key: ConfigKey, default: Bool) throws(ModelError) -> Bool {
        guard let value = source.value(key) else { return `default` }
        guard let flag = value.flag else {
            throw invalid(key, found: value.described, expected: "true or false")
        }
        return flag
    }

    /// One boolean per layer: from a list in the source, or with a period in which only one is false; [layers].
    func layerPattern(
        _ key: ConfigKey, layers: Int, defaultPeriod: Int, startsFull: Bool = false
    ) throws(ModelError) -> [Bool] {
        switch source.value(key) {
        case .integers, .flags, .other:
            guard let flags = source.value(key)?.flags, flags.count >= layers else {
                throw invalid(key, found: "another list", expected: "\(layers) booleans")
            }
            return Array(flags[..<layers])
        default:
            let period = try int(key, in: 0...layers.advanced(by: 1024), default: defaultPeriod)
            return (0..<layers).map { period == 0 || $0 % period != (startsFull ? 0 : period - 1) }
        }
    }

    func invalid(_ key: ConfigKey, found: String, expected: String) -> ModelError {
        .invalidMetadata(key: source.spelling(key), found: found, expected: expected)
    }

    private func uniform(_ value: ConfigValue) -> Int? {
        guard case .integers(let values) = value, let first = values.first else { return nil }
        return values.allSatisfy { $0 == first } ? first : nil
    }

    private func describe<Bound>(_ range: ClosedRange<Bound>) -> String {
        "\(range.lowerBound)…\(range.upperBound)"
    }
}
