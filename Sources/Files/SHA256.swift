/// SHA-256 (FIPS 180-4) over bytes that come in pieces.
public struct SHA256: Sendable {
    private var state: SIMD8<UInt32> = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    /// Bytes that do not yet fill a block.
    private var rest: [UInt8] = []
    private var byteCount = 0

    private static let blockSize = 64

    public init() {}

    public mutating func update(_ bytes: some Collection<UInt8>) {
        let isContiguous: Void? = bytes.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
        if isContiguous == nil { Array(bytes).withUnsafeBytes { update($0) } }
    }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        byteCount += bytes.count
        var bytes = bytes[...]
        if !rest.isEmpty {
            let missing = bytes.prefix(Self.blockSize - rest.count)
            rest += missing
            bytes = bytes.dropFirst(missing.count)
            guard rest.count == Self.blockSize else { return }
            rest.withUnsafeBytes { Self.compress($0, into: &state) }
            rest.removeAll(keepingCapacity: true)
        }
        let whole = bytes.prefix(bytes.count - bytes.count % Self.blockSize)
        Self.compress(UnsafeRawBufferPointer(rebasing: whole), into: &state)
        rest += bytes.dropFirst(whole.count)
    }

    /// The digest as 64 hexadecimal digits in lower case.
    public mutating func finish() -> String {
        let length = UInt64(byteCount) * 8
        let zeros = (Self.blockSize * 2 - 9 - byteCount % Self.blockSize) % Self.blockSize
        update([0x80] + [UInt8](repeating: 0, count: zeros))
        update((0..<8).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * UInt64($0))) })
        return (0..<8).map { index in
            let digits = String(state[index], radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    // MARK: Blocks

    /// Processes whole blocks. With pointers, because the checks of arrays' bounds would take most of the time.
    private static func compress(_ bytes: UnsafeRawBufferPointer, into state: inout SIMD8<UInt32>) {
        guard let first = bytes.baseAddress else { return }
        constants.withUnsafeBufferPointer { constants in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
                guard let words = schedule.baseAddress, let constants = constants.baseAddress else { return }
                for start in stride(from: 0, to: bytes.count, by: blockSize) {
                    fill(words, from: first + start)
                    addConstants(constants, to: words)
                    state &+= rounds(words, from: state)
                }
            }
        }
    }

    /// Computes the message schedule of one block: 64 words.
    @inline(__always)
    private static func fill(_ words: UnsafeMutablePointer<UInt32>, from block: UnsafeRawPointer) {
        for index in 0..<16 {
            words[index] = UInt32(bigEndian: block.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
        }
        for index in 16..<64 {
            let early = words[index &- 15]
            let late = words[index &- 2]
            let small = early.rotated(7) ^ early.rotated(18) ^ early &>> 3
            let large = late.rotated(17) ^ late.rotated(19) ^ late &>> 10
            words[index] = words[index &- 16] &+ small &+ words[index &- 7] &+ large
        }
    }

    @inline(__always)
    private static func addConstants(
        _ constants: UnsafePointer<UInt32>, to words: UnsafeMutablePointer<UInt32>
    ) {
        for index in 0..<64 { words[index] &+= constants[index] }
    }

    /// The state after 64 rounds. Eight at a time, after which every variable has its own place again: moving them
    /// after each round would take time.
    @inline(__always)
    private static func rounds(_ words: UnsafePointer<UInt32>, from state: SIMD8<UInt32>) -> SIMD8<UInt32> {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        var index = 0
        while index < 64 {
            let word = words + index
            round(a, b, c, &d, e, f, g, &h, word[0])
            round(h, a, b, &c, d, e, f, &g, word[1])
            round(g, h, a, &b, c, d, e, &f, word[2])
            round(f, g, h, &a, b, c, d, &e, word[3])
            round(e, f, g, &h, a, b, c, &d, word[4])
            round(d, e, f, &g, h, a, b, &c, word[5])
            round(c, d, e, &f, g, h, a, &b, word[6])
            round(b, c, d, &e, f, g, h, &a, word[7])
            index &+= 8
        }
        return SIMD8(a, b, c, d, e, f, g, h)
    }

    /// One round with a word of the schedule that includes the round's constant.
    @inline(__always)
    private static func round(
        _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32,
        _ e: UInt32, _ f: UInt32, _ g: UInt32, _ h: inout UInt32, _ word: UInt32
    ) {
        let first = h &+ (e.rotated(6) ^ e.rotated(11) ^ e.rotated(25)) &+ (g ^ e & (f ^ g)) &+ word
        d &+= first
        h = first &+ (a.rotated(2) ^ a.rotated(13) ^ a.rotated(22)) &+ (a & b | c & (a | b))
    }

    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    private static let constants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]
}

extension UInt32 {
    @inline(__always)
    fileprivate func rotated(_ count: UInt32) -> UInt32 { self &>> count | self &<< (32 &- count) }
}
