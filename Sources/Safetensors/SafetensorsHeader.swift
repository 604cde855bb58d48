import JSON

/// The checked header of a safetensors file.
struct SafetensorsHeader {
    private(set) var tensors: [SafetensorsTensor] = []
    private(set) var metadata: [String: String] = [:]
    private let path: String
    /// Where the data begins.
    private let dataStart: Int
    private let dataBytes: Int

    init(_ bytes: UnsafeRawBufferPointer, path: String) throws(SafetensorsError) {
        self.path = path
        guard bytes.count >= 8 else { throw SafetensorsError(.tooShort(bytes.count), path: path) }
        let size = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        let most = min(SafetensorsFile.headerLimit, bytes.count - 8)
        guard size >= 2, size <= UInt64(most) else {
            throw SafetensorsError(.headerSize(size, most: SafetensorsFile.headerLimit), path: path)
        }
        dataStart = 8 + Int(size)
        dataBytes = bytes.count - dataStart
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONReader.read(Array(bytes[8..<dataStart]))
        } catch {
            throw SafetensorsError(.syntax("\(error)"), field: "header", offset: 8, path: path)
        }
        guard let fields = value.object else { throw wrongType("header", "an object") }
        for field in fields {
            if field.name == "__metadata__" {
                metadata = try texts(field.value)
                continue
            }
            guard tensors.count < SafetensorsFile.tensorLimit else {
                throw SafetensorsError(.tooManyTensors(most: SafetensorsFile.tensorLimit), path: path)
            }
            tensors.append(try tensor(field.name, field.value))
        }
        tensors.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        for (lower, upper) in zip(tensors, tensors.dropFirst())
        where lower.range.upperBound > upper.range.lowerBound {
            throw error(.overlaps(lower.name), Self.field(upper.name), offset: upper.range.lowerBound)
        }
    }

    private func texts(_ value: JSONValue) throws(SafetensorsError) -> [String: String] {
        guard let fields = value.object else { throw wrongType("__metadata__", "an object") }
        var texts: [String: String] = [:]
        for field in fields {
            guard let text = field.value.string else { throw wrongType("__metadata__.\(field.name)", "a string") }
            texts[field.name] = text
        }
        return texts
    }

    private func tensor(_ name: String, _ value: JSONValue) throws(SafetensorsError) -> SafetensorsTensor {
        let field = Self.field(name)
        guard let fields = value.object else { throw wrongType(field, "an object") }
        guard let typeName = fields["dtype"]?.string else { throw wrongType("\(field), dtype", "a string") }
        guard let type = ElementType(rawValue: typeName) else { throw error(.unknownType(typeName), "\(field), dtype") }
        guard let dimensions = fields["shape"]?.array, let offsets = fields["data_offsets"]?.array else {
            throw wrongType("\(field), \(fields["shape"]?.array == nil ? "shape" : "data_offsets")", "a list")
        }
        let shape = dimensions.compactMap(\.integer)
        guard shape.count == dimensions.count, shape.count <= 8, shape.allSatisfy({ $0 >= 0 }) else {
            throw error(.badDimension, "\(field), shape")
        }
        let (count, bits) = try size(of: shape, type, field)
        guard let begin = offsets.first?.integer, let end = offsets.last?.integer, offsets.count == 2, begin >= 0,
            end >= begin
        else { throw wrongType("\(field), data_offsets", "two integers from 0 on, the second not below the first") }
        guard end <= dataBytes else { throw error(.outsideFile(end: end, dataBytes: dataBytes), field) }
        guard bits % 8 == 0, end - begin == bits / 8 else {
            throw error(.wrongByteCount(end - begin, expected: (bits + 7) / 8), field)
        }
        return SafetensorsTensor(
            name: name, type: type, shape: shape, elementCount: count,
            range: dataStart + begin..<dataStart + end)
    }

    private func size(
        of shape: [Int], _ type: ElementType, _ field: String
    ) throws(SafetensorsError) -> (elements: Int, bits: Int) {
        var count = 1
        for dimension in shape {
            let product = count.multipliedReportingOverflow(by: dimension)
            guard !product.overflow else { throw error(.tooManyElements, "\(field), shape") }
            count = product.partialValue
        }
        let bits = count.multipliedReportingOverflow(by: type.bits)
        guard !bits.overflow else { throw error(.tooManyElements, "\(field), shape") }
        return (count, bits.partialValue)
    }

    // MARK: Errors

    private static func field(_ name: String) -> String {
        // A name can be as long as the header.
        "tensor \"\(name.count > 200 ? name.prefix(200) + "…" : name[...])\""
    }

    private func wrongType(_ field: String, _ expected: String) -> SafetensorsError {
        error(.wrongType(expected: expected), field)
    }

    private func error(
        _ problem: SafetensorsError.Problem, _ field: String, offset: Int? = nil
    ) -> SafetensorsError {
        SafetensorsError(problem, field: field, offset: offset ?? 8, path: path)
    }
}
