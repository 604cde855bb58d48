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
    package let file: MappedFile

    /// The largest header, in bytes: the same limit as in the safetensors library.
    public static let headerLimit = 100_000_000
    public static let tensorLimit = 1_000_000

    public init(path: String) throws(SafetensorsError) {
        do throws(MappedFile.Failure) {
            file = try MappedFile(path: path)
        } catch {
            throw SafetensorsError(.cannotMap("\(error)"), path: path)
        }
        self.path = path
        let header = try SafetensorsHeader(file.bytes, path: path)
        (tensors, metadata) = (header.tensors, header.metadata)
    }

    /// The tensor's data in the mapping, valid as long as this object exists. The tensor must be from this file.
    public func bytes(of tensor: SafetensorsTensor) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: file.bytes[tensor.range])
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
