/// A tensor's shape, type and position in its file.
public struct TensorInfo: Sendable, Equatable {
    public let name: String
    /// Extents in ggml's order: `dimensions[0]` is the number of columns, contiguous in memory.
    public let dimensions: [Int]
    public let type: TensorType
    /// The part of a split model that it is in, from 0.
    public let part: Int
    /// The position of the data, in bytes from the start of the part's file.
    public let offset: Int
    public let byteCount: Int
    public let elementCount: Int

    /// The bytes of the data within the file.
    public var range: Range<Int> { offset..<offset + byteCount }
}

/// A tensor's description, read before the position of the data section is known.
struct TensorHeader {
    let name: String
    let dimensions: [Int]
    let type: TensorType
    /// From the start of the data section.
    let relativeOffset: UInt64
    let byteCount: Int
    let elementCount: Int
    /// The position of this description in the file.
    let position: Int

    var field: String { "tensor \"\(name)\"" }

    func placed(dataStart: Int, alignment: Int, fileBytes: Int, part: Int) throws(GGUFError) -> TensorInfo {
        guard relativeOffset % UInt64(alignment) == 0 else {
            throw error(.misaligned(offset: relativeOffset, alignment: alignment))
        }
        let (start, overflow1) = UInt64(dataStart).addingReportingOverflow(relativeOffset)
        let (end, overflow2) = start.addingReportingOverflow(UInt64(byteCount))
        guard !overflow1, !overflow2, end <= UInt64(fileBytes) else {
            throw error(.outsideFile(end: overflow1 || overflow2 ? .max : end, fileBytes: fileBytes))
        }
        return TensorInfo(
            name: name, dimensions: dimensions, type: type, part: part, offset: Int(start), byteCount: byteCount,
            elementCount: elementCount)
    }

    func error(_ problem: GGUFError.Problem) -> GGUFError {
        GGUFError(problem, field: field, offset: position)
    }
}

extension ByteCursor {
    /// ggml's limit on the number of dimensions.
    private static var mostDimensions: UInt32 { 4 }

    /// Reads a tensor description: name, dimensions, type id, offset.
    mutating func tensorHeader(index: Int, limits: GGUFLimits) throws(GGUFError) -> TensorHeader {
        let position = position
        let name = try name("name of tensor \(index)", most: limits.nameBytes)
        let field = "tensor \"\(name)\""
        func error(_ problem: GGUFError.Problem) -> GGUFError { GGUFError(problem, field: field, offset: position) }

        let rank = try integer(UInt32.self, field)
        guard rank <= Self.mostDimensions else {
            throw error(.countTooLarge(UInt64(rank), most: UInt64(Self.mostDimensions)))
        }
        var dimensions: [Int] = []
        var elementCount = 1
        for axis in 0..<Int(rank) {
            let extent = try integer(UInt64.self, field)
            guard extent > 0 else { throw error(.emptyDimension(axis)) }
            guard let dimension = Int(exactly: extent) else { throw error(.tooManyElements) }
            let (product, overflow) = elementCount.multipliedReportingOverflow(by: dimension)
            guard !overflow else { throw error(.tooManyElements) }
            elementCount = product
            dimensions.append(dimension)
        }

        let id = try integer(UInt32.self, field)
        guard let type = TensorType.find(id) else { throw error(.unknownTensorType(id)) }
        guard !type.isWithdrawn else { throw error(.withdrawnTensorType(type.name)) }
        let columns = dimensions.first ?? 1
        guard columns.isMultiple(of: type.blockElements) else {
            throw error(.partialBlock(columns: UInt64(columns), block: type.blockElements, type: type.name))
        }
        let (byteCount, overflow) = (elementCount / type.blockElements).multipliedReportingOverflow(by: type.blockBytes)
        guard !overflow else { throw error(.tooManyElements) }
        return TensorHeader(
            name: name, dimensions: dimensions, type: type, relativeOffset: try integer(UInt64.self, field),
            byteCount: byteCount, elementCount: elementCount, position: position)
    }
}
