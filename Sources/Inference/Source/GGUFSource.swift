import GGUF
import Tokenizers

/// A model in a GGUF file, or in the parts of a split one.
package final class GGUFSource: ModelSource {
    package let file: GGUFFile
    /// The value of `general.architecture`, which is also the prefix of the family's keys.
    package let architecture: String?
    /// Of layers whose files have it in two parts.
    private let latentExpansions: [Int: DerivedTensor]

    package init(_ file: GGUFFile) {
        self.file = file
        latentExpansions = DerivedTensor.latentExpansions(of: file)
        architecture = file.metadata["general.architecture"]?.string
    }

    package static func open(_ path: String) throws(ModelError) -> GGUFSource {
        do throws(GGUFError) {
            return GGUFSource(try GGUFFile(path: path))
        } catch {
            throw .file(error)
        }
    }

    package var spec: ArchitectureSpec? { architecture.flatMap(Architectures.find) }
    package var derivedBytes: Int { latentExpansions.values.reduce(0) { $0 + $1.additionalBytes } }

    package func requireArchitecture() throws(ModelError) -> String {
        do throws(GGUFError) {
            return try file.metadata.requireString("general.architecture")
        } catch {
            throw .file(error)
        }
    }

    package var path: String { file.path }
    package var byteCount: Int { file.byteCount }
    package var name: String? { file.metadata["general.name"]?.string }
    package var formatName: String { FormatNames.label(file) }
    package var license: [String] {
        ["general.license", "general.license.name", "general.license.link"].compactMap { file.metadata[$0]?.string }
    }
    package var chatTemplate: String? { file.metadata["tokenizer.chat_template"]?.string }

    // MARK: Configuration

    package func value(_ key: ConfigKey) -> ConfigValue? { file.metadata[spelling(key)].map(ConfigValue.init) }

    package func spelling(_ key: ConfigKey) -> String {
        let name = GGUFNames.key(key)
        return GGUFNames.commonKeys.contains(key) ? name : "\(architecture ?? "general").\(name)"
    }

    package func tokenizerDescription() throws -> TokenizerDescription? { try TokenizerDescription(file) }

    package func tokenizerWarnings() throws -> [TokenizerWarning] {
        guard let header = try TokenizerDescription.Header(file.metadata) else { throw VocabularyProblem.none }
        if let rows = tensor(.tokenEmbedding, .weight)?.dimensions.last, header.count > rows {
            throw VocabularyProblem.tooLong(header.count, rows: rows)
        }
        return header.warnings
    }

    // MARK: Tensors

    package var tensors: [TensorView] { file.tensors.map(file.view) }

    package func tensor(_ role: TensorRole, _ part: TensorPart) -> TensorView? {
        if case .layer(let index, .latentExpansion) = role, part == .weight, let joined = latentExpansions[index] {
            return joined.view
        }
        let names = GGUFNames.tensors(role, in: architecture)
        // All parts have the name of the weights, which may be the whole name.
        guard let name = names.first(where: { hasWeights($0) }) ?? names.first else { return nil }
        let tensor = file.tensor(named: "\(name).\(part.rawValue)") ?? (part == .scale ? nil : file.tensor(named: name))
        return tensor.map(file.view)
    }

    private func hasWeights(_ name: String) -> Bool {
        file.tensor(named: "\(name).weight") != nil || file.tensor(named: name) != nil
    }

    package func spelling(_ role: TensorRole, _ part: TensorPart) -> String {
        "\(GGUFNames.tensors(role, in: architecture).first ?? "\(role)").\(part.rawValue)"
    }

    /// A tensor by its name in the file.
    func tensor(named name: String) -> TensorView? { file.tensor(named: name).map(file.view) }

    package var weightUse: WeightUse { WeightUse(file) }

    // MARK: Memory

    package var residentShare: Double { file.residentShare }

    package func readAhead(isCancelled: () -> Bool, progress: (Double) -> Void) {
        file.readAhead(isCancelled: isCancelled, progress: progress)
    }

    package func releaseMemory(of bytes: UnsafeRawBufferPointer) { file.releaseMemory(of: bytes) }
}

extension GGUFFile {
    func view(_ tensor: TensorInfo) -> TensorView {
        TensorView(
            name: tensor.name, dimensions: tensor.dimensions, type: tensor.type, elementCount: tensor.elementCount,
            content: .mapped(bytes(of: tensor)))
    }
}

extension ConfigValue {
    fileprivate init(_ value: GGUFValue) {
        if let integer = value.int {
            self = .integer(integer)
        } else if let number = value.float {
            self = .number(number)
        } else if let flag = value.bool {
            self = .flag(flag)
        } else if let text = value.string {
            self = .text(text)
        } else if let flags = value.array?.bools() {
            self = .flags(flags)
        } else if let integers = value.array?.ints() {
            self = .integers(integers)
        } else if let numbers = value.array?.floats() {
            self = .numbers(numbers.map(Double.init))
        } else {
            self = .other("\(value.type)")
        }
    }
}
