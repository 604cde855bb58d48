/// The alphabet of byte-level vocabularies, in which every byte is one printable character.
///
/// Printable Latin-1 characters represent themselves; the other 68 bytes, in order, are U+0100 and up
/// (GPT-2, Radford et al. 2019). A space is `Ġ`, a line feed `Ċ`.
enum ByteLevelAlphabet {
    /// The character of each byte, as UTF-8.
    static let spelling: [[UInt8]] = scalars.map { Array(String(Character($0)).utf8) }

    private static let scalars: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (0...UInt8.max).map { byte in
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(byte)
            default:
                defer { next += 1 }
                return Unicode.Scalar(next) ?? " "
            }
        }
    }()

    /// The byte of each character of the alphabet, all below U+0144.
    private static let byteByScalar: [UInt8?] = {
        var table = [UInt8?](repeating: nil, count: 0x144)
        for (byte, scalar) in scalars.enumerated() { table[Int(scalar.value)] = UInt8(byte) }
        return table
    }()

    /// The bytes that a piece represents, or nil if it has a character that is not in the alphabet.
    static func decode(_ piece: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(piece.count)
        for scalar in String(decoding: piece, as: UTF8.self).unicodeScalars {
            guard scalar.value < byteByScalar.count, let byte = byteByScalar[Int(scalar.value)] else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// The characters for the bytes of a character; nil if it represents itself.
    static func scalars(of value: UInt32) -> [UInt32]? {
        if (0x21...0x7E).contains(value) { return nil }
        var bytes: [UInt8] = []
        bytes.append(utf8: value)
        return bytes.map { scalars[Int($0)].value }
    }

    /// Bytes spelled in the alphabet.
    static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] { bytes.flatMap { spelling[Int($0)] } }
}
