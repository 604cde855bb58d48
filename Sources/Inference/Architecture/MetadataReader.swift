import GGUF

/// Reads hyperparameters from a file's metadata: adds the family's prefix to keys and checks the ranges of values.
struct MetadataReader {
    let metadata: GGUFMetadata
    let prefix: String

    /// An integer, or a per-layer array whose values are all the same.
    func int(_ key: String, in range: ClosedRange<Int>, default: Int? = nil) throws(ModelError) -> Int {
        guard let value = metadata[name(key)] else {
            if let `default` { return `default` }
            throw .missingMetadata(name(key))
        }
        guard let number = value.int ?? uniform(value), range.contains(number) else {
            throw invalid(key, found: describe(value), expected: "an integer in \(describe(range))")
        }
        return number
    }

    func double(_ key: String, in range: ClosedRange<Double>, default: Double? = nil) throws(ModelError) -> Double {
        guard let value = metadata[name(key)] else {
            if let `default` { return `default` }
            throw .missingMetadata(name(key))
        }
        guard let number = value.float, range.contains(number) else {
            throw invalid(key, found: describe(value), expected: "a number in \(describe(range))")
        }
        return number
    }

    func string(_ key: String) -> String? { metadata[name(key)]?.string }

    /// One boolean per layer: from an array in the file, or with a period in which only the last is false; [layers].
    func layerPattern(_ key: String, layers: Int, defaultPeriod: Int) throws(ModelError) -> [Bool] {
        if let array = metadata[name(key)]?.array {
            let flags = array.bools() ?? array.ints()?.map { $0 != 0 }
            guard let flags, flags.count >= layers else {
                throw invalid(key, found: "\(array.count) values", expected: "\(layers) booleans")
            }
            return Array(flags[..<layers])
        }
        let period = try int(key, in: 0...layers.advanced(by: 1024), default: defaultPeriod)
        return (0..<layers).map { period == 0 || $0 % period < period - 1 }
    }

    func invalid(_ key: String, found: String, expected: String) -> ModelError {
        .invalidMetadata(key: name(key), found: found, expected: expected)
    }

    private func name(_ key: String) -> String { "\(prefix).\(key)" }

    private func uniform(_ value: GGUFValue) -> Int? {
        guard let config = value.array?.ints(), let first = config.first else { return nil }
        return config.allSatisfy { $0 == first } ? first : nil
    }

    private func describe(_ value: GGUFValue) -> String {
        if let number = value.int { return "\(number)" }
        if let number = value.float { return "\(number)" }
        return "a value of type \(value.type)"
    }

    private func describe<Bound>(_ range: ClosedRange<Bound>) -> String {
        "\(range.lowerBound)…\(range.upperBound)"
    }
}
