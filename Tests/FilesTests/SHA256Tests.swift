import Files
import Testing

@Suite struct SHA256Tests {
    /// The examples of FIPS 180-4, and lengths around the end of a block (computed with Python's hashlib).
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
                + "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
        (String(repeating: "b", count: 55), "eb2c86e932179f4ba13fe8715a26124b77d6bad290b9b4c1cc140cf633300c19"),
        (String(repeating: "b", count: 56), "a5fc6e203a4c2b657d0d153885932414b2ffc6a93f0f8bf8b3183315e5a7212c"),
        (String(repeating: "b", count: 63), "94e419fabac7f930810f9636354042f8c1426d2f834d4ab65c93dc1e69326b13"),
        (String(repeating: "b", count: 64), "a0fab1377f49a759b57f63318262ebe89fabfc990e8e93ceac2984561482b9d4"),
        (String(repeating: "b", count: 119), "68297a9eb141ce16bbc0847da1c0c48e2858704feaa13993bde29f87a198a6e1"),
        (String(repeating: "b", count: 120), "392add47fbaa8197a874ebe770a947a26dd6f2becce5f64688cc4d18c9da93bd"),
        (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func digestsMatchTheStandard(text: String, digest: String) {
        let bytes = Array(text.utf8)
        for piece in [bytes.count, 1000, 64, 61] {
            var hash = SHA256()
            for start in stride(from: 0, to: bytes.count, by: max(1, piece)) {
                hash.update(bytes[start..<min(start + piece, bytes.count)])
            }
            #expect(hash.finish() == digest)
        }
    }

    /// Bytes that are not stored in one piece, and bytes that are not aligned.
    @Test func digestsDoNotDependOnHowBytesAreStored() {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var whole = SHA256()
        whole.update(bytes)
        var lazily = SHA256()
        lazily.update(bytes.lazy.map { $0 })
        var shifted = SHA256()
        ([0] + bytes).withUnsafeBytes { shifted.update(UnsafeRawBufferPointer(rebasing: $0.dropFirst())) }
        let digest = whole.finish()
        #expect(lazily.finish() == digest)
        #expect(shifted.finish() == digest)
    }
}
