/// A GGUF file, mapped into memory and fully validated when it is opened.
///
/// Supports versions 2 and 3, little-endian. All counts, lengths, offsets and names are checked before they are used, so
/// every tensor of an opened file is inside the file, at an aligned offset, and does not overlap another.
public final class GGUFFile: Sendable {
    public let path: String
    public let version: UInt32
    /// The alignment of tensor data in bytes (`general.alignment`, 32 by default).
    public let alignment: Int
    public let byteCount: Int
    public let metadata: GGUFMetadata
    /// In the order of the file.
    public let tensors: [TensorInfo]

    private let file: MappedFile
    private let indexByName: [String: Int]

    public init(path: String, limits: GGUFLimits = GGUFLimits()) throws(GGUFError) {
        do throws(GGUFError) {
            let file = try MappedFile(path: path)
            var cursor = ByteCursor(file)
            let header = try cursor.header(limits: limits)
            let metadata = try cursor.metadata(count: header.metadataCount, path: path, limits: limits)
            alignment = try Self.alignment(metadata)
            let headers = try cursor.tensorHeaders(count: header.tensorCount, limits: limits)
            tensors = try Self.place(headers, after: cursor.position, alignment: alignment, fileBytes: file.bytes.count)
            indexByName = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ($1.name, $0) })
            self.path = path
            self.version = header.version
            self.byteCount = file.bytes.count
            self.metadata = metadata
            self.file = file
        } catch {
            var error = error
            error.path = path
            throw error
        }
    }

    public func tensor(named name: String) -> TensorInfo? {
        indexByName[name].map { tensors[$0] }
    }

    /// The tensor's data in the mapping, valid as long as this object exists. The tensor must be from this file.
    public func bytes(of tensor: TensorInfo) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: file.bytes[tensor.range])
    }

    /// The share of the file that is in memory, 0…1; 1 if the system does not report it.
    public var residentShare: Double { file.residentShare }

    /// Lets the system have the memory of a part of the file; it is read again when it is needed. Only a hint.
    public func releaseMemory(of part: UnsafeRawBufferPointer) { file.release(part) }

    /// Reads the whole file into memory; blocks until that is done or cancelled.
    ///
    /// - Parameter progress: called regularly with the share read so far.
    public func readAhead(isCancelled: () -> Bool, progress: (Double) -> Void) {
        file.readAhead(isCancelled: isCancelled, progress: progress)
    }

    private static func alignment(_ metadata: GGUFMetadata) throws(GGUFError) -> Int {
        let key = "general.alignment"
        let alignment = try metadata.int(key, in: 0...Int.max) ?? 32
        guard (8...65_536).contains(alignment), alignment & (alignment - 1) == 0 else {
            throw metadata.error(.badAlignment(UInt64(alignment)), key)
        }
        return alignment
    }

    /// Locates each tensor in the data section, which starts at the next aligned byte after the descriptions.
    private static func place(
        _ headers: [TensorHeader], after end: Int, alignment: Int, fileBytes: Int
    ) throws(GGUFError) -> [TensorInfo] {
        let dataStart = (end + alignment - 1) / alignment * alignment
        var tensors: [TensorInfo] = []
        for header in headers {
            tensors.append(try header.placed(dataStart: dataStart, alignment: alignment, fileBytes: fileBytes))
        }
        let byOffset = tensors.indices.sorted { tensors[$0].offset < tensors[$1].offset }
        for (lower, upper) in zip(byOffset, byOffset.dropFirst())
        where tensors[lower].range.upperBound > tensors[upper].offset {
            throw headers[upper].error(.overlaps(tensors[lower].name))
        }
        return tensors
    }
}

extension ByteCursor {
    fileprivate typealias Header = (version: UInt32, tensorCount: Int, metadataCount: Int)

    /// Reads the magic, the version and the two counts.
    fileprivate mutating func header(limits: GGUFLimits) throws(GGUFError) -> Header {
        guard remaining >= 4, try integer(UInt32.self, "magic") == 0x4655_4747 else {
            throw GGUFError(.notGGUF, field: "", offset: nil)
        }
        let start = position
        let version = try integer(UInt32.self, "version")
        guard version & 0xFFFF != 0 else { throw GGUFError(.bigEndian, field: "version", offset: start) }
        guard (2...3).contains(version) else {
            throw GGUFError(.unsupportedVersion(version), field: "version", offset: start)
        }
        // The shortest tensor description has a name length, rank, type and offset; the shortest pair a key length, type
        // and one byte.
        let tensorCount = try limitedCount(ofSize: 8 + 4 + 4 + 8, most: limits.tensorCount, "tensor count")
        let metadataCount = try limitedCount(ofSize: 8 + 4 + 1, most: limits.metadataCount, "metadata count")
        return (version, tensorCount, metadataCount)
    }

    private mutating func limitedCount(ofSize size: Int, most: Int, _ field: String) throws(GGUFError) -> Int {
        let start = position
        let count = try count(ofSize: size, field)
        guard count <= most else {
            throw GGUFError(.countTooLarge(UInt64(count), most: UInt64(most)), field: field, offset: start)
        }
        return count
    }

    fileprivate mutating func metadata(
        count: Int, path: String, limits: GGUFLimits
    ) throws(GGUFError) -> GGUFMetadata {
        var metadata = GGUFMetadata(path: path)
        for index in 0..<count {
            let start = position
            let key = try name("metadata key \(index)", most: limits.keyBytes)
            let field = "metadata value \"\(key)\""
            let value = try value(try valueType(field), field)
            guard metadata.add(.init(key: key, value: value, offset: start)) else {
                throw GGUFError(.duplicate, field: "metadata key \"\(key)\"", offset: start)
            }
        }
        return metadata
    }

    fileprivate mutating func tensorHeaders(count: Int, limits: GGUFLimits) throws(GGUFError) -> [TensorHeader] {
        var headers: [TensorHeader] = []
        var names: Set<String> = []
        for index in 0..<count {
            let header = try tensorHeader(index: index, limits: limits)
            guard names.insert(header.name).inserted else { throw header.error(.duplicate) }
            headers.append(header)
        }
        return headers
    }
}
