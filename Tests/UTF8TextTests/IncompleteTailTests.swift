import Testing
import UTF8Text

struct IncompleteTailTests {
    @Test func findsTheBytesOfAnIncompleteCharacter() {
        for character in ["a", "é", "…", "\u{D7FF}", "\u{E000}", "😀", "\u{10FFFF}"] {
            let bytes = Array(("x" + character).utf8)
            #expect(bytes.incompleteUTF8Tail == 0, "\(bytes)")
            for count in 1..<bytes.count { #expect(bytes[..<count].incompleteUTF8Tail == count - 1, "\(bytes)") }
        }
        #expect([UInt8]().incompleteUTF8Tail == 0)
    }

    @Test(
        arguments: [
            [0x80], [0xC0], [0xC1], [0xF5], [0xFF], [0xE0, 0x80], [0xED, 0xA0], [0xF0, 0x80], [0xF4, 0x90],
            [0x80, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func ignoresBytesThatCannotBecomeACharacter(_ bytes: [UInt8]) {
        #expect(bytes.incompleteUTF8Tail == 0)
    }

    /// Decoding up to the tail and the rest later gives the same text as decoding everything at once.
    @Test func cuttingBeforeTheTailDoesNotChangeTheText() {
        let values: [UInt8] = [0x41, 0x80, 0xA0, 0xBF, 0xC3, 0xE0, 0xE2, 0xED, 0xF0, 0xF4]
        for number in 0..<10_000 {
            let bytes = [1, 10, 100, 1000].map { values[number / $0 % 10] }
            for count in 0...4 {
                let cut = count - bytes[..<count].incompleteUTF8Tail
                let pieces =
                    String(decoding: bytes[..<cut], as: UTF8.self) + String(decoding: bytes[cut...], as: UTF8.self)
                #expect(
                    Array(pieces.utf8) == Array(String(decoding: bytes, as: UTF8.self).utf8), "\(bytes) at \(count)")
            }
        }
    }
}
