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

    func text(_ key: ConfigKey) -> String? { source.value(key)?.text }

    /// One boolean per layer: from a list in the source, or with a period in which only the last is false; [layers].
    func layerPattern(_ key: ConfigKey, layers: Int, defaultPeriod: Int) throws(ModelError) -> [Bool] {
        switch source.value(key) {
        case .integers, .flags, .other:
            guard let flags = source.value(key)?.flags, flags.count >= layers else {
                throw invalid(key, found: "another list", expected: "\(layers) booleans")
            }
            return Array(flags[..<layers])
        default:
            let period = try int(key, in: 0...layers.advanced(by: 1024), default: defaultPeriod)
            return (0..<layers).map { period == 0 || $0 % period < period - 1 }
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
