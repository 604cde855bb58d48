import Foundation
import TUI
import Testing

@Suite struct ClipboardRequestTests {
    @Test func theTextIsEncoded() {
        #expect(ClipboardRequest.bytes("hé", throughScreen: false) == Array("\u{1B}]52;c;aMOp\u{7}".utf8))
    }

    /// GNU screen passes on what is in device control strings, and cuts long ones.
    @Test func screenGetsPieces() {
        let text = String(repeating: "text ", count: 500)
        let bytes = String(decoding: ClipboardRequest.bytes(text, throughScreen: true), as: UTF8.self)
        let pieces = bytes.components(separatedBy: "\u{1B}\\")
        #expect(pieces.last == "")
        #expect(pieces.dropLast().allSatisfy { $0.hasPrefix("\u{1B}P") && $0.utf8.count < 768 })
        let joined = pieces.dropLast().map { String($0.dropFirst(2)) }.joined()
        #expect(Array(joined.utf8) == ClipboardRequest.bytes(text, throughScreen: false))
    }
}
