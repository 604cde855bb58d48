/// A compiled terminfo entry, in the format of term(5) with 32-bit numbers.
struct TerminfoEntry {
    let name: String
    /// In the order of capabilities in ncurses; absent ones are false, negative or nil.
    var flags: [Bool] = []
    var numbers: [Int32] = []
    var strings: [[UInt8]?] = []
    /// Extended capabilities, by name.
    var extendedFlags: [String] = []
    var extendedNumbers: [(name: String, value: Int32)] = []
    var extendedStrings: [(name: String, value: [UInt8])] = []

    private static let magic: UInt16 = 0o1036

    init(name: String) { self.name = name }

    var bytes: [UInt8] {
        let names = Array("\(name)|direct colour\0".utf8)
        let table = StringTable(strings)
        var file = ByteWriter()
        file.addShort(Self.magic)
        for count in [names.count, flags.count, numbers.count, strings.count, table.bytes.count] {
            file.addCount(count)
        }
        file.bytes += names + flags.map { $0 ? 1 : 0 }
        file.align()
        for number in numbers { file.addNumber(number) }
        for offset in table.offsets { file.addCount(offset) }
        file.bytes += table.bytes
        file.align()
        addExtended(to: &file)
        return file.bytes
    }

    private func addExtended(to file: inout ByteWriter) {
        let values = StringTable(extendedStrings.map(\.value))
        let names = StringTable(
            (extendedFlags + extendedNumbers.map(\.name) + extendedStrings.map(\.name)).map { Array($0.utf8) })
        let counts = [
            extendedFlags.count, extendedNumbers.count, extendedStrings.count,
            values.offsets.count + names.offsets.count,
            values.bytes.count + names.bytes.count,
        ]
        for count in counts { file.addCount(count) }
        file.bytes += extendedFlags.map { _ in 1 }
        file.align()
        for number in extendedNumbers { file.addNumber(number.value) }
        // The offsets of names count from the end of the values.
        for offset in values.offsets + names.offsets { file.addCount(offset) }
        file.bytes += values.bytes + names.bytes
    }
}

/// Consecutive null-terminated strings.
private struct StringTable {
    private(set) var bytes: [UInt8] = []
    /// The offset of each string; -1 for absent ones.
    private(set) var offsets: [Int] = []

    init(_ strings: [[UInt8]?]) {
        for string in strings {
            offsets.append(string == nil ? -1 : bytes.count)
            if let string { bytes += string + [0] }
        }
    }
}

/// Numbers in little-endian order.
private struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func addShort(_ value: UInt16) { bytes += [UInt8(value & 0xFF), UInt8(value >> 8)] }

    /// Counts and offsets have 16 bits.
    mutating func addCount(_ value: Int) { addShort(UInt16(bitPattern: Int16(clamping: value))) }

    mutating func addNumber(_ value: Int32) {
        let bits = UInt32(bitPattern: value)
        bytes += [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: bits >> $0) }
    }

    /// Numbers start at even offsets.
    mutating func align() { if bytes.count % 2 == 1 { bytes.append(0) } }
}
