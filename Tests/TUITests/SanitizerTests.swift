import TUI
import TestSupport
import Testing

@Suite struct SanitizerTests {
    @Test(arguments: [
        ("plain", "plain"), ("\u{1B}[31mred", "␛[31mred"), ("a\u{0}b", "a␀b"), ("\u{7F}", "␡"), ("\u{9B}2J", "␛[2J"),
        ("a\tb", "a   b"), ("日\tb", "日  b"), ("x\u{202E}y", "x⟦RLO⟧y"), ("a\u{FEFF}b", "ab"), ("\u{301}e", "◌\u{301}e"),
        ("👨‍👩‍👧", "👨‍👩‍👧"), ("line\nline", "line␊line"), ("\u{2028}", "␊"), ("\u{200D}a", "a"),
        ("a \u{200D}b", "a b"), ("a \u{301}", "a ◌\u{301}"),
    ])
    func showsControlsAsSymbols(text: String, shown: String) {
        #expect(Sanitizer.visible(text) == shown)
    }

    @Test func noControlCharacterReachesACell() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<400 {
            let text = generator.text(length: Int.random(in: 0..<80, using: &generator))
            var surface = Surface(Size(width: 60, height: 2))
            surface.write(text, at: Point(x: 0, y: 0), style: .plain)
            surface.write(text, at: Point(x: 5, y: 0), style: .plain)
            for y in 0..<2 {
                var columns = 0
                for x in 0..<60 {
                    #expect(surface[x, y].text.unicodeScalars.allSatisfy { !isHarmful($0) })
                    columns += Int(surface[x, y].width)
                    #expect(DisplayWidth.of(surface[x, y].text) == Int(surface[x, y].width))
                }
                #expect(columns == 60)
            }
        }
    }
}

/// Whether it is a control character or reorders text.
func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
}
