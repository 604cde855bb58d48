import CKernels
import Foundation
import GGUF

/// A model for this program's own decoder, whatever its format: its configuration by canonical keys, and its tensors by
/// canonical roles. Everything that loads, describes or plans such a model sees only this.
package protocol ModelSource: StoredModel {
    /// How the family computes, with what is special to this format; nil if it is not supported.
    var spec: ArchitectureSpec? { get }

    /// A value of the configuration; nil if the model does not give it.
    func value(_ key: ConfigKey) -> ConfigValue?
    /// How this format spells a key, for messages.
    func spelling(_ key: ConfigKey) -> String

    /// All tensors, in the order of the file.
    var tensors: [TensorView] { get }
    /// The tensor with a role; nil if the model has none.
    func tensor(_ role: TensorRole, _ part: TensorPart) -> TensorView?
    /// How this format calls that tensor, for messages.
    func spelling(_ role: TensorRole, _ part: TensorPart) -> String
    /// Memory for tensors that cannot be used as they lie in the files.
    var derivedBytes: Int { get }

    /// Lets the system have the memory of a part of a tensor; it is read again when it is needed. Only a hint.
    func releaseMemory(of bytes: UnsafeRawBufferPointer)
}

extension ModelSource {
    /// How the family computes. Throws if it is not supported, or not named.
    func requireSpec() throws(ModelError) -> ArchitectureSpec {
        if let spec { return spec }
        throw .unsupportedArchitecture(try requireArchitecture())
    }

    /// The number of weights.
    package var parameters: Int { tensors.reduce(0) { $0 &+ $1.elementCount } }

    package var trainedContext: Int? { value(.contextLength)?.integer }

    // MARK: Loading

    package func check() throws(ModelError) {
        let spec = try requireSpec()
        let config = try ModelConfig(spec, self)
        try checkFormats()
        // Everything that loading checks, but without reading a tensor.
        _ = try ModelWeights(source: self, spec: spec, config: config, readsTensors: false)
    }

    private func checkFormats() throws(ModelError) {
        let unknown = tensors.filter { sotto_format_find($0.type.id) == nil }
        guard let example = unknown.first else { return }
        throw .unsupportedFormats(
            Set(unknown.map(\.type.name)).sorted(), example: example.name, tensors: unknown.count)
    }

    package func load(adapters: [String]) throws(ModelError) -> LoadedModel {
        let spec = try requireSpec()
        var changes: [LoRAAdapter] = []
        for path in adapters { changes.append(try LoRAAdapter(path: path, model: self)) }
        let config = try ModelConfig(spec, self)
        let weights = try ModelWeights(source: self, adapters: changes, spec: spec, config: config)
        let summary = ModelSummary(
            name: name ?? URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent,
            architecture: spec.name, parameters: parameters, fileBytes: byteCount, format: formatName,
            trainedContext: config.trainedContext, vocabularyCount: weights.vocabularyCount,
            layers: config.layers.count, hiddenSize: config.hiddenSize,
            heads: config.attentions.map(\.heads).max() ?? 0, kvHeads: config.attentions.map(\.kvHeads).max() ?? 0)
        return LoadedModel(
            computation: .transformer(Transformer(spec: spec, config: config, weights: weights)), summary: summary)
    }
}

/// A tensor in a mapped file, or made from one.
///
/// `@unchecked Sendable`: the bytes are a read-only mapping, valid as long as the source that they come from.
package struct TensorView: @unchecked Sendable {
    /// As the file calls it.
    package let name: String
    /// The contiguous dimension first.
    package let dimensions: [Int]
    package let type: TensorType
    package let elementCount: Int
    package let content: Content
    /// What is added to each element of a vector when it is read.
    package var offset: Float = 0

    package enum Content {
        case mapped(UnsafeRawBufferPointer)
        /// Equal parts, in several places: the matrices of a mixture of experts.
        case parts([UnsafeRawBufferPointer])
        case derived(DerivedTensor)
    }

    /// All bytes, or those of the first of several parts.
    package var bytes: UnsafeRawBufferPointer { bytes(isRead: true) }

    /// - Parameter isRead: without it, a tensor that has to be made is not; the bytes are others of the same number.
    func bytes(isRead: Bool) -> UnsafeRawBufferPointer {
        switch content {
        case .mapped(let bytes): bytes
        case .parts(let parts): parts.first ?? UnsafeRawBufferPointer(start: nil, count: 0)
        case .derived(let tensor): isRead ? tensor.bytes : tensor.origin
        }
    }

    package var byteCount: Int { elementCount / max(1, type.blockElements) * type.blockBytes }
}
