import Files

/// A GGUF model, mapped into memory and fully validated when it is opened: one file, or all parts of one that is split,
/// opened by any of them.
///
/// Supports versions 2 and 3, little-endian. All counts, lengths, offsets and names are checked before they are used, so
/// every tensor of an opened file is inside its part, at an aligned offset, and does not overlap another.
public final class GGUFFile: Sendable {
    /// Of the first part.
    public let path: String
    public let version: UInt32
    /// The alignment of tensor data in bytes (`general.alignment`, 32 by default).
    public let alignment: Int
    /// Of all parts together.
    public let byteCount: Int
    /// Of the first part; later parts have nothing but their numbers.
    public let metadata: GGUFMetadata
    /// In the order of the parts, and of each part's file.
    public let tensors: [TensorInfo]

    private let parts: [GGUFPart]
    private let indexByName: [String: Int]

    public init(path: String, limits: GGUFLimits = GGUFLimits()) throws(GGUFError) {
        let parts = try GGUFPart.all(of: try GGUFPart(path: path, limits: limits), limits: limits)
        let tensors = parts.flatMap(\.tensors)
        var indexByName: [String: Int] = [:]
        for (index, tensor) in tensors.enumerated() {
            guard indexByName.updateValue(index, forKey: tensor.name) == nil else {
                throw parts[tensor.part].error(.duplicate, "tensor \"\(tensor.name)\"")
            }
        }
        self.path = parts[0].path
        version = parts[0].version
        alignment = parts[0].alignment
        byteCount = parts.map(\.file).byteCount
        metadata = parts[0].metadata
        self.tensors = tensors
        self.parts = parts
        self.indexByName = indexByName
    }

    public func tensor(named name: String) -> TensorInfo? {
        indexByName[name].map { tensors[$0] }
    }

    /// The tensor's data in the mapping, valid as long as this object exists. The tensor must be from this file.
    public func bytes(of tensor: TensorInfo) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: parts[tensor.part].file.bytes[tensor.range])
    }

    // MARK: Memory

    private var files: [MappedFile] { parts.map(\.file) }

    /// The share of the file that is in memory, 0…1; 1 if the system does not report it.
    public var residentShare: Double { files.residentShare }

    /// Lets the system have the memory of a part of a tensor; it is read again when it is needed. Only a hint.
    public func releaseMemory(of bytes: UnsafeRawBufferPointer) { files.release(bytes) }

    /// Reads everything into memory; blocks until that is done or cancelled.
    ///
    /// - Parameter progress: called regularly with the share read so far.
    public func readAhead(isCancelled: () -> Bool, progress: (Double) -> Void) {
        files.readAhead(isCancelled: isCancelled, progress: progress)
    }
}
