import GGUF
import Tokenizers

/// A model on disk, whatever its format: its configuration by canonical keys, its tensors by canonical roles, and how it
/// turns text into tokens. Everything that loads, describes or plans a model sees only this.
package protocol ModelSource: AnyObject, Sendable {
    /// The path by which the model is known.
    var path: String { get }
    /// Of all files together.
    var byteCount: Int { get }
    /// The model's own name; nil if it has none.
    var name: String? { get }
    /// The family, as `Architectures` names it; nil if the model does not say.
    var architecture: String? { get }
    /// The same; throws if the model does not say.
    func requireArchitecture() throws(ModelError) -> String
    /// How the family computes, with what is special to this format; nil if it is not supported.
    var spec: ArchitectureSpec? { get }
    /// What the files are for; nil if they are a model that writes text, supported or not.
    var otherPurpose: OtherPurpose? { get }
    /// The usual name of the weights' format, such as "Q4_K_M".
    var formatName: String { get }

    /// A value of the configuration; nil if the model does not give it.
    func value(_ key: ConfigKey) -> ConfigValue?
    /// How this format spells a key, for messages.
    func spelling(_ key: ConfigKey) -> String

    /// All tensors, in the order of the file.
    var tensors: [TensorView] { get }
    /// The tensor with a role; nil if the model has none.
    func tensor(_ role: TensorRole, _ part: TensorPart) -> TensorView?
    /// How many of the weights a token uses.
    var weightUse: WeightUse { get }
    /// How this format calls that tensor, for messages.
    func spelling(_ role: TensorRole, _ part: TensorPart) -> String
    /// Memory for tensors that cannot be used as they lie in the files.
    var derivedBytes: Int { get }

    /// What the tokenizer is created from; nil if there is no vocabulary. Throws if it cannot be used.
    func tokenizerDescription() throws -> TokenizerDescription?
    /// What may be wrong with the vocabulary, found without reading it. Throws if it certainly cannot be used.
    func tokenizerWarnings() throws -> [TokenizerWarning]
    /// The source of the chat template; nil for base models.
    var chatTemplate: String? { get }
    /// What the model says about its license, one line per field.
    var license: [String] { get }

    /// The share of the files that is in memory, 0…1; 1 if the system does not report it.
    var residentShare: Double { get }
    /// Reads everything into memory, in the order of the files; blocks until that is done or cancelled.
    func readAhead(isCancelled: () -> Bool, progress: (Double) -> Void)
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
