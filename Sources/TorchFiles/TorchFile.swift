import Files
import Safetensors

/// A file that `torch.save` wrote, mapped into memory: a ZIP archive with a pickled dictionary of tensors and an entry with
/// the numbers of each storage. The pickle is read by `Unpickler`, which runs nothing.
public final class TorchFile: Sendable {
    public let path: String
    /// In the order of the dictionary.
    public let tensors: [TorchTensor]
    package let file: MappedFile

    public init(path: String) throws(TorchFileError) {
        do throws(MappedFile.Failure) {
            file = try MappedFile(path: path)
        } catch {
            throw .cannotMap(path: path, reason: "\(error)")
        }
        self.path = path
        tensors = try Self.tensors(file.bytes, path: path)
    }

    /// The tensor's data in the mapping, valid as long as this object exists. The tensor must be from this file.
    public func bytes(of tensor: TorchTensor) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: file.bytes[tensor.range])
    }

    private static func tensors(_ bytes: UnsafeRawBufferPointer, path: String) throws(TorchFileError) -> [TorchTensor] {
        let archive: StoredArchive
        do throws(StoredArchive.Failure) {
            archive = try StoredArchive(bytes)
        } catch {
            throw .archive(path: path, problem: error.problem)
        }
        let list = archive.entries.filter { $0.key == "data.pkl" || $0.key.hasSuffix("/data.pkl") }
        guard let (name, range) = list.first, list.count == 1 else {
            throw .archive(path: path, problem: "not a file of torch.save: it has no data.pkl")
        }
        let root: PickleValue
        do throws(Unpickler.Failure) {
            root = try Unpickler.read(UnsafeRawBufferPointer(rebasing: bytes[range]))
        } catch {
            throw .pickle(path: path, offset: error.offset, problem: error.problem)
        }
        guard case .dictionary(var fields) = root else {
            throw .archive(path: path, problem: "it has no dictionary of tensors")
        }
        // Training programs keep the model beside other things.
        for field in ["state_dict", "model"] {
            if case .dictionary(let inner)? = fields.fields.first(where: { $0.key == field })?.value { fields = inner }
        }
        var tensors: [TorchTensor] = []
        var names: Set<String> = []
        for case (let key, .tensor(let parts)) in fields.fields where names.insert(key).inserted {
            let storage = archive.entries[String(name.dropLast("data.pkl".count)) + "data/\(parts.storage.key)"]
            tensors.append(try tensor(key, parts, storage, path: path))
        }
        return tensors
    }

    private static func tensor(
        _ name: String, _ parts: TorchTensorParts, _ storage: Range<Int>?, path: String
    ) throws(TorchFileError) -> TorchTensor {
        func failure(_ problem: String) -> TorchFileError { .tensor(path: path, name: name, problem: problem) }
        guard let storage else { throw failure("its numbers are not in the file") }
        guard parts.isContiguous else {
            throw failure("its numbers are not one after the other. Save it as safetensors")
        }
        var count = 1
        for size in parts.shape {
            let product = count.multipliedReportingOverflow(by: size)
            guard !product.overflow else { throw failure("its shape is too large") }
            count = product.partialValue
        }
        let size = parts.storage.type.bits / 8
        let available = storage.count / size
        guard parts.offset >= 0, parts.offset <= available, count <= available - parts.offset else {
            throw failure("it reaches past its \(available) numbers")
        }
        let start = storage.lowerBound + parts.offset * size
        return TorchTensor(
            name: name, type: parts.storage.type, shape: parts.shape, elementCount: count,
            range: start..<start + count * size)
    }
}

/// The description of a tensor.
public struct TorchTensor: Sendable, Equatable {
    public let name: String
    public let type: ElementType
    /// The contiguous dimension is the last one. Empty for a single number.
    public let shape: [Int]
    public let elementCount: Int
    /// In bytes from the start of the file.
    public let range: Range<Int>
}
