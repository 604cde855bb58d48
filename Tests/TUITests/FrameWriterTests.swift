import TUI
import Testing

/// Frames as the terminal gets them.
@Suite struct FrameWriterTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func theCursorIsHiddenWhileAFrameIsDrawn() {
        var writer = FrameWriter()
        #expect(
            text(writer.bytes(Array("cells".utf8), hasCursor: true))
                == "\u{1B}[?2026h\u{1B}[?25lcells\u{1B}[?25h\u{1B}[?2026l")
        #expect(writer.bytes([], hasCursor: true).isEmpty)
        #expect(text(writer.bytes([], hasCursor: false)) == "\u{1B}[?2026h\u{1B}[?25l\u{1B}[?2026l")
        // It is hidden already.
        #expect(text(writer.bytes(Array("x".utf8), hasCursor: false)) == "\u{1B}[?2026hx\u{1B}[?2026l")
        writer.forget()
        #expect(text(writer.bytes([], hasCursor: false)) == "\u{1B}[?2026h\u{1B}[?25l\u{1B}[?2026l")
    }
}
