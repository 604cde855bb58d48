import GGUF
import JSON
import Tokenizers

/// A model in a folder of Hugging Face's libraries: `config.json`, weights and a tokenizer.
package final class CheckpointSource: ModelSource {
    package let path: String
    package let spec: ArchitectureSpec?
    private let text: CheckpointText
    private let config: CheckpointConfig
    private let quantization: QuantizationConfig
    private let weights: CheckpointWeights
    private let names: CheckpointTensors?
    private let values: [ConfigKey: ConfigValue]
    private let ropeFactors: [TensorRole.RoPEFactorSet: TensorView]

    /// - Parameter path: of the folder.
    package init(path: String) throws(CheckpointError) {
        self.path = path
        let folder = CheckpointFolder(path)
        let config = try CheckpointConfig(try folder.configuration(), path: folder.path(of: "config.json"))
        quantization = QuantizationConfig(config.object("quantization_config"))
        weights = try CheckpointWeights(folder, quantization)
        self.config = config
        text = CheckpointText(folder, ends: config["eos_token_id"])
        guard let family = CheckpointFamilies.find(config.modelType),
            let spec = Architectures.find(family.architecture)
        else {
            (self.spec, names, values, ropeFactors) = (nil, nil, [:], [:])
            return
        }
        let (names, rope) = (CheckpointTensors(family, weights), try RoPEParameters(config))
        var reading = CheckpointReading(
            config: config, weights: weights, layerPrefix: names.layerPrefix, spec: spec,
            values: Self.commonValues(config, family, rope))
        if spec.rope != nil { reading.spec.rope = family.pairing }
        // Every matrix may have a factor, where GGUF files have them for some.
        if weights.hasMatrixFactors { (reading.spec.scales, reading.spec.scalesFeedForwardBiases) = (.all, false) }
        if case .yarn(let yarn) = rope.scaling { reading.spec.roundsYaRNLimits = yarn.hasWholeLimits }
        try family.adapt(&reading)
        (self.spec, self.names, values) = (reading.spec, names, reading.values)
        ropeFactors = Self.ropeFactors(rope, reading)
    }

    /// The divisors of frequencies that the configuration describes.
    private static func ropeFactors(
        _ rope: RoPEParameters, _ reading: CheckpointReading
    ) -> [TensorRole.RoPEFactorSet: TensorView] {
        let values = reading.values
        guard reading.spec.rope != nil, let dim = (values[.ropeDim] ?? values[.headDim])?.integer,
            (2...1024).contains(dim)
        else { return [:] }
        var tensors: [TensorRole.RoPEFactorSet: TensorView] = [:]
        for set in TensorRole.RoPEFactorSet.allCases {
            let factors = rope.factors(
                set, pairs: dim / 2, base: values[.ropeBase]?.number ?? 10_000,
                trainedContext: values[.contextLength]?.integer ?? 1)
            tensors[set] = factors.map { DerivedTensor($0, name: "rope factors").view }
        }
        return tensors
    }

    /// What most families have in common.
    private static func commonValues(
        _ config: CheckpointConfig, _ family: CheckpointFamily, _ rope: RoPEParameters
    ) -> [ConfigKey: ConfigValue] {
        var values = rope.values
        for key in ConfigKey.allCases where values[key] == nil {
            values[key] = config.spelling(family.keys[key] ?? CheckpointNames.keys(key)).flatMap(config.value)
        }
        let heads = values[.heads]?.integer ?? 0
        if values[.headDim] == nil, heads > 0, let size = values[.hiddenSize]?.integer {
            values[.headDim] = .integer(size / heads)
        }
        if let headDim = values[.headDim]?.integer, (1...65_536).contains(headDim) {
            values[.valueDim] = .integer(headDim)
            if let share = rope.rotatedShare, (0...1).contains(share), rope.scaling != .proportional {
                values[.ropeDim] = .integer(Int(Double(headDim) * share) / 2 * 2)
            }
        }
        return values
    }

    // MARK: What it is

    package var byteCount: Int { weights.byteCount }
    /// The folder's name is the model's.
    package var name: String? { path.split(separator: "/").last.map(String.init) }
    package var architecture: String? { requireArchitecture() }
    package func requireArchitecture() -> String { spec?.name ?? config.modelType }
    package var otherPurpose: OtherPurpose? {
        spec == nil ? OtherPurpose(modelType: config.modelType) : nil
    }
    package var formatName: String {
        if let label = quantization.label { return label }
        return weights.hasMatrixFactors ? "NVFP4" : FormatNames.mostBytes(tensors.map { ($0.type.name, $0.byteCount) })
    }
    package var license: [String] { text.license }

    package func value(_ key: ConfigKey) -> ConfigValue? { values[key] }

    package func spelling(_ key: ConfigKey) -> String {
        let spellings = CheckpointNames.keys(key)
        return config.spelling(spellings) ?? spellings.first ?? "\(key)"
    }

    // MARK: Tensors

    package var tensors: [TensorView] { weights.names.compactMap(weights.tensor) }

    package func tensor(_ role: TensorRole, _ part: TensorPart) -> TensorView? {
        if case .ropeFactors(let set) = role { return part == .weight ? ropeFactors[set] : nil }
        // Tied embeddings may be stored twice.
        if role == .output, config.flag("tie_word_embeddings") == true { return nil }
        return names?.tensor(role, part)
    }

    package func spelling(_ role: TensorRole, _ part: TensorPart) -> String {
        names?.spelling(role, part) ?? "\(role)"
    }

    package var derivedBytes: Int {
        weights.derivedBytes + (names?.derivedBytes(layers: values[.layers]?.integer ?? 0) ?? 0)
    }

    package var weightUse: WeightUse {
        WeightUse(
            tensors.map {
                WeightUse.Tensor(
                    name: $0.name, dimensions: $0.dimensions, elementCount: $0.elementCount, byteCount: $0.byteCount)
            },
            expertsUsed: values[.expertsUsed]?.integer, isTied: tensor(.output, .weight) == nil,
            use: { [names, values] in names?.use(of: $0, experts: values[.experts]?.integer) ?? .always })
    }

    // MARK: Text

    package func tokenizerDescription() throws -> TokenizerDescription? { try text.tokenizerDescription() }
    package func tokenizerWarnings() throws -> [TokenizerWarning] { try text.tokenizerWarnings() }
    package var chatTemplate: String? { text.chatTemplate }

    // MARK: Memory

    package var residentShare: Double { weights.residentShare }

    package func readAhead(isCancelled: () -> Bool, progress: (Double) -> Void) {
        weights.readAhead(isCancelled: isCancelled, progress: progress)
    }

    package func releaseMemory(of bytes: UnsafeRawBufferPointer) { weights.releaseMemory(of: bytes) }
}
