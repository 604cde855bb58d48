import Files
import JSON

/// A safetensors file, mapped into memory and fully validated when it is opened: every tensor is inside the file, has as
/// many bytes as its shape needs, and overlaps no other. (https://github.com/huggingface/safetensors#format)
///
///     8 bytes   N, the size of the header
///     N bytes   JSON: {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …, "__metadata__": {…}}
///     the rest  the tensors; offsets count from here
public final class SafetensorsFile: Sendable {
    public let path: String
    /// In the order of their data.
    public let tensors: [SafetensorsTensor]
    /// The texts that the writer has left, such as "format".
    public let metadata: [String: String]
    private let file: MappedFile

    /// The largest header, in bytes: the same limit as in the safetensors library.
    public static let headerLimit = 100_000_000
    public static let tensorLimit = 1_000_000

    public var byteCount: Int { file.bytes.count }

    public init(path: String) throws(SafetensorsError) {
        do throws(MappedFile.Failure) {
            file = try MappedFile(path: path)
        } catch {
            switch error {
            case .notRegularFile: throw SafetensorsError(.notRegularFile, path: path)
            case .system(let message): throw SafetensorsError(.system(message), path: path)
            }
        }
        self.path = path
        let header = try SafetensorsHeader(file.bytes, path: path)
        (tensors, metadata) = (header.tensors, header.metadata)
    }

    /// The tensor's data in the mapping, valid as long as this object exists. The tensor must be from this file.
    public func bytes(of tensor: SafetensorsTensor) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: file.bytes[tensor.range])
    }

    // MARK: Memory

    /// The share of the file that is in memory, 0…1; 1 if the system does not report it.
    public var residentShare: Double { file.residentShare }

    /// Lets the system have the memory of a part of a tensor; it is read again when it is needed. Only a hint.
    public func releaseMemory(of bytes: UnsafeRawBufferPointer) { file.release(bytes) }

    /// Reads everything into memory; blocks until that is done or cancelled.
    public func readAhead(isCancelled: () -> Bool, progress: (Double) -> Void) {
        file.readAhead(isCancelled: isCancelled, progress: progress)
    }
}

/// The description of a tensor.
public struct SafetensorsTensor: Sendable, Equatable {
    public let name: String
    public let type: ElementType
    /// As in PyTorch: the contiguous dimension is the last one. Empty for a single number.
    public let shape: [Int]
    public let elementCount: Int
    /// In bytes from the start of the file.
    public let range: Range<Int>
}
