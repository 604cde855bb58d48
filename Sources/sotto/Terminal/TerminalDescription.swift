/// A terminal's description as a compiled terminfo file holds it: term(5), the format with numbers of 32 bits.
struct TerminalDescription {
    let name: String
    /// By ncurses' own order of capabilities; absent ones are false, negative or nil.
    var flags: [Bool] = []
    var numbers: [Int32] = []
    var strings: [[UInt8]?] = []
    /// Capabilities that are not in that order, by name.
    var moreFlags: [String] = []
    var moreNumbers: [(name: String, value: Int32)] = []
    var moreStrings: [(name: String, value: [UInt8])] = []

    private static let magic: UInt16 = 0o1036

    init(name: String) { self.name = name }

    var bytes: [UInt8] {
        let names = Array("\(name)|direct colour\0".utf8)
        let table = StringTable(strings)
        var file = Bytes()
        file.add(Self.magic)
        for count in [names.count, flags.count, numbers.count, strings.count, table.bytes.count] { file.add(count) }
        file.bytes += names + flags.map { $0 ? 1 : 0 }
        file.align()
        for number in numbers { file.add(number) }
        for offset in table.offsets { file.add(offset) }
        file.bytes += table.bytes
        file.align()
        addMore(to: &file)
        return file.bytes
    }

    private func addMore(to file: inout Bytes) {
        let values = StringTable(moreStrings.map(\.value))
        let names = StringTable((moreFlags + moreNumbers.map(\.name) + moreStrings.map(\.name)).map { Array($0.utf8) })
        let counts = [
            moreFlags.count, moreNumbers.count, moreStrings.count, values.offsets.count + names.offsets.count,
            values.bytes.count + names.bytes.count,
        ]
        for count in counts { file.add(count) }
        file.bytes += moreFlags.map { _ in 1 }
        file.align()
        for number in moreNumbers { file.add(number.value) }
        // Those of the names count from the end of the values.
        for offset in values.offsets + names.offsets { file.add(offset) }
        file.bytes += values.bytes + names.bytes
    }
}

/// Texts that end in a zero each, one after the other.
private struct StringTable {
    private(set) var bytes: [UInt8] = []
    /// Where each begins; -1 for those that are not there.
    private(set) var offsets: [Int] = []

    init(_ strings: [[UInt8]?]) {
        for string in strings {
            offsets.append(string == nil ? -1 : bytes.count)
            if let string { bytes += string + [0] }
        }
    }
}

/// Numbers as the file has them, the low byte first.
private struct Bytes {
    var bytes: [UInt8] = []

    mutating func add(_ value: UInt16) { bytes += [UInt8(value & 0xFF), UInt8(value >> 8)] }

    /// Counts and offsets take 16 bits.
    mutating func add(_ value: Int) { add(UInt16(bitPattern: Int16(clamping: value))) }

    mutating func add(_ value: Int32) {
        let bits = UInt32(bitPattern: value)
        bytes += [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: bits >> $0) }
    }

    /// Numbers begin at an even place.
    mutating func align() { if bytes.count % 2 == 1 { bytes.append(0) } }
}
