import Files

/// One file of a GGUF model: all of it, or one of several parts.
struct GGUFPart: Sendable {
    let path: String
    let file: MappedFile
    let version: UInt32
    let alignment: Int
    let metadata: GGUFMetadata
    let tensors: [TensorInfo]

    /// - Parameter number: the part's place in its model, from 0.
    init(path: String, number: Int = 0, limits: GGUFLimits) throws(GGUFError) {
        do throws(GGUFError) {
            let file = try Self.map(path)
            var cursor = ByteCursor(file)
            let header = try cursor.header(limits: limits)
            let metadata = try cursor.metadata(count: header.metadataCount, path: path, limits: limits)
            alignment = try Self.alignment(metadata)
            let headers = try cursor.tensorHeaders(count: header.tensorCount, limits: limits)
            tensors = try Self.place(
                headers, after: cursor.position, alignment: alignment, fileBytes: file.bytes.count, part: number)
            self.path = path
            version = header.version
            self.metadata = metadata
            self.file = file
        } catch {
            var error = error
            error.path = path
            throw error
        }
    }

    func error(_ problem: GGUFError.Problem, _ field: String) -> GGUFError {
        var error = GGUFError(problem, field: field, offset: nil)
        error.path = path
        return error
    }

    private static func map(_ path: String) throws(GGUFError) -> MappedFile {
        do throws(MappedFile.Failure) {
            return try MappedFile(path: path)
        } catch {
            switch error {
            case .notRegularFile: throw GGUFError(.notRegularFile, field: "", offset: nil)
            case .system(let message): throw GGUFError(.system(message), field: "", offset: nil)
            }
        }
    }

    // MARK: Parts

    /// All parts of the model that a file belongs to, in their order; the file alone if its model is not split.
    static func all(of part: GGUFPart, limits: GGUFLimits) throws(GGUFError) -> [GGUFPart] {
        guard let count = try part.metadata.int("split.count", in: 0...Int.max), count > 1 else { return [part] }
        guard let name = GGUFPartName(part.path), name.count == count else {
            throw part.error(.outOfRange(found: "\(count)", allowed: "the number in the file's name"), "split.count")
        }
        var parts: [GGUFPart] = []
        for number in 1...count {
            let path = name.path(ofPart: number)
            do throws(GGUFError) {
                parts.append(try GGUFPart(path: path, number: number - 1, limits: limits))
            } catch {
                guard case .system = error.problem else { throw error }
                throw part.error(.missingPart(GGUFPartName.fileName(path)), "")
            }
            let place = [parts[number - 1].metadata["split.no"]?.int, parts[number - 1].metadata["split.count"]?.int]
            guard place == [number - 1, count] else {
                throw parts[number - 1].error(
                    .outOfRange(found: place[0].map(String.init) ?? "missing", allowed: "\(number - 1)"), "split.no")
            }
        }
        return parts
    }

    // MARK: Tensors

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
        _ headers: [TensorHeader], after end: Int, alignment: Int, fileBytes: Int, part: Int
    ) throws(GGUFError) -> [TensorInfo] {
        let dataStart = (end + alignment - 1) / alignment * alignment
        var tensors: [TensorInfo] = []
        for header in headers {
            tensors.append(
                try header.placed(dataStart: dataStart, alignment: alignment, fileBytes: fileBytes, part: part))
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
