/// Builds a GGUF file byte by byte, valid or not.
struct FileBuilder {
    var bytes: [UInt8] = []

    /// The start of a file: magic, version, counts.
    init(version: UInt32 = 3, tensors: UInt64 = 0, metadata: UInt64 = 0) {
        bytes = Array("GGUF".utf8)
        append(version)
        append(tensors)
        append(metadata)
    }

    mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }

    mutating func append(_ text: String) {
        append(UInt64(text.utf8.count))
        bytes += text.utf8
    }

    mutating func pair(_ key: String, type: UInt32) {
        append(key)
        append(type)
    }

    mutating func tensor(_ name: String, _ dimensions: [UInt64], type: UInt32 = 0, offset: UInt64 = 0) {
        append(name)
        append(UInt32(dimensions.count))
        for dimension in dimensions { append(dimension) }
        append(type)
        append(offset)
    }

    /// Pads to the data section and adds `count` bytes of data.
    mutating func data(_ count: Int, alignment: Int = 32) {
        while !bytes.count.isMultiple(of: alignment) { bytes.append(0) }
        bytes += [UInt8](repeating: 1, count: count)
    }
}
