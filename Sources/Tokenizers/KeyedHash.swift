/// The hash of the tokenizer's tables, with a random key per process, so that a crafted vocabulary cannot make its
/// entries collide.
enum KeyedHash {
    private static let key = UInt64.random(in: .min ... .max) | 1
    private static let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15

    @inline(__always)
    static func of(_ word: UInt64) -> UInt64 { fold(word ^ key, multiplier) }

    @inline(__always)
    static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash = key ^ UInt64(bytes.count)
        var offset = 0
        while offset + 8 <= bytes.count {
            hash = fold(hash ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self), multiplier)
            offset += 8
        }
        var tail: UInt64 = 0
        while offset < bytes.count {
            tail = tail << 8 | UInt64(bytes[offset])
            offset += 1
        }
        return fold(fold(hash ^ tail, multiplier), key)
    }

    /// Multiplies to 128 bits and combines the halves, so that every input bit affects every output bit.
    @inline(__always)
    private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }
}

/// The slots of an open-addressing hash table: indices of entries, which the caller stores and compares.
struct HashSlots: Sendable {
    private var slots: [Int32]
    private let mask: Int

    /// Capacity for `count` entries; at most half full, so that probe sequences stay short.
    init(count: Int) {
        var capacity = 16
        while capacity < 2 * count { capacity *= 2 }
        slots = Array(repeating: -1, count: capacity)
        mask = capacity - 1
    }

    /// The entry with this hash for which `matches` holds, or nil.
    @inline(__always)
    func find(_ hash: UInt64, _ matches: (Int) -> Bool) -> Int? {
        slots.withUnsafeBufferPointer { slots in
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] >= 0 {
                let entry = Int(slots[slot])
                if matches(entry) { return entry }
                slot = (slot + 1) & mask
            }
            return nil
        }
    }

    /// Adds an entry, which must not be in the table yet.
    mutating func insert(_ entry: Int, _ hash: UInt64) {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] >= 0 { slot = (slot + 1) & mask }
        slots[slot] = Int32(entry)
    }
}

/// A map from pairs of numbers to a number, built once and then only read from.
struct PairTable: Sendable {
    private var keys: [UInt64] = []
    private var values: [UInt64] = []
    private var slots: HashSlots

    /// Capacity for `count` pairs.
    init(count: Int) {
        slots = HashSlots(count: count)
    }

    @inline(__always)
    subscript(first: Int32, second: Int32) -> UInt64? {
        let key = Self.key(first, second)
        return slots.find(KeyedHash.of(key)) { keys[$0] == key }.map { values[$0] }
    }

    /// Adds a pair, unless it is in the table already.
    mutating func insert(_ first: Int32, _ second: Int32, _ value: UInt64) {
        guard self[first, second] == nil else { return }
        let key = Self.key(first, second)
        slots.insert(keys.count, KeyedHash.of(key))
        keys.append(key)
        values.append(value)
    }

    @inline(__always)
    private static func key(_ first: Int32, _ second: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
    }
}
