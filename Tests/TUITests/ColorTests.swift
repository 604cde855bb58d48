import Foundation
import TUI
import Testing

@Suite struct ColorTests {
    @Test(arguments: [
        (ColorDepth.none, Color.rgb(255, 0, 0), ColorDepth.TerminalColor.standard),
        (.ansi8, .rgb(250, 10, 10), .index(1)),
        (.ansi8, .rgb(0, 0, 0), .index(0)),
        (.ansi16, .rgb(130, 130, 130), .index(8)),
        (.ansi16, .rgb(250, 10, 10), .index(9)),
        (.indexed256, .rgb(95, 135, 175), .index(67)),
        (.indexed256, .rgb(18, 18, 18), .index(233)),
        (.indexed256, .rgb(255, 255, 255), .index(231)),
        (.trueColor, .rgb(1, 2, 3), .rgb(1, 2, 3)),
        (.trueColor, .standard, .standard),
    ])
    func nearestColor(depth: ColorDepth, color: Color, expected: ColorDepth.TerminalColor) {
        #expect(depth.nearest(color) == expected)
    }

    @Test(arguments: ["#12345", "123456", "#12345g", "red", "", "#", "#١٢٣"])
    func invalidColorsAreRejected(text: String) {
        #expect(Color(text) == nil)
    }

    /// Golden data, computed independently: scripts/golden/nearest_colors.py.
    @Test func nearestOf256MatchesTheReference() throws {
        struct Row: Decodable {
            let color: String
            let index: UInt8
        }
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/nearest_colors.json")
        let rows = try JSONDecoder().decode([Row].self, from: Data(contentsOf: file))
        #expect(rows.count == 300)
        for row in rows {
            let color = try #require(Color(row.color))
            #expect(ColorDepth.indexed256.nearest(color) == .index(row.index), "\(row.color)")
        }
    }

    /// With few colours, accents keep their hue and greys stay grey.
    @Test(
        arguments: [
            ("#86b3f5", 6), ("#9ccb94", 2), ("#e6bd74", 3), ("#f0827d", 1), ("#c3a6ee", 5), ("#8b93a3", 7),
            ("#16181d", 0), ("#fbfaf7", 7),
        ] as [(String, UInt8)])
    func softColorsKeepTheirHue(text: String, index: UInt8) throws {
        #expect(ColorDepth.ansi8.nearest(try #require(Color(text))) == .index(index))
    }

    /// A dark teal line is cyan on black, and a slate one is grey; neither becomes red, which is as dark.
    @Test(arguments: [("#2a4f59", [6]), ("#3b4261", [7]), ("#d5c4a1", [0])] as [(String, [UInt8])])
    func readableColorsKeepTheirHue(text: String, indices: [UInt8]) throws {
        let background: Color = text == "#d5c4a1" ? .rgb(251, 241, 199) : .rgb(0, 20, 28)
        let style = Style(foreground: try #require(Color(text)), background: background)
        #expect(indices.map { .index($0) }.contains(ColorDepth.ansi8.colors(of: style).foreground))
    }

    @Test func textIsReadableWithFewColors() {
        let greys: [Color] = stride(from: 0, through: 255, by: 15).map { .rgb(UInt8($0), UInt8($0), UInt8($0)) }
        for depth in [ColorDepth.ansi8, .ansi16] {
            for text in greys {
                for background in greys {
                    let colors = depth.colors(of: Style(foreground: text, background: background))
                    #expect(colors.foreground != colors.background)
                    // Never a strong colour, although one may be nearer in lightness.
                    #expect([.index(0), .index(7), .index(8), .index(15)].contains(colors.foreground))
                }
            }
        }
    }

    @Test(
        arguments: [
            (8, false, [:], ColorDepth.ansi8), (16, false, [:], .ansi16), (88, false, [:], .ansi16),
            (256, false, [:], .indexed256), (32_767, false, [:], .indexed256), (0, false, [:], .none),
            (2, false, [:], .none),
            (16_777_216, true, [:], .trueColor), (256, false, ["NO_COLOR": "1"], .none),
            (16_777_216, true, ["NO_COLOR": "x"], .none), (256, false, ["NO_COLOR": ""], .indexed256),
        ] as [(Int, Bool, [String: String], ColorDepth)])
    func depthFromTerminalAndEnvironment(
        colors: Int, isDirect: Bool, environment: [String: String], depth: ColorDepth
    ) {
        #expect(ColorDepth(colors: colors, isDirect: isDirect, environment: environment) == depth)
    }

    @Test func trueColorIsUsedIfClaimed() {
        #expect(ColorDepth.isTrueColorClaimed(in: ["COLORTERM": "truecolor"]))
        #expect(ColorDepth.isTrueColorClaimed(in: ["COLORTERM": "24bit"]))
        #expect(!ColorDepth.isTrueColorClaimed(in: ["COLORTERM": "yes"]))
        #expect(!ColorDepth.isTrueColorClaimed(in: ["COLORTERM": "truecolor", "NO_COLOR": "1"]))
        #expect(!ColorDepth.isTrueColorClaimed(in: ["COLORTERM": "truecolor", "STY": "1.pts"]))
        #expect(!ColorDepth.isTrueColorClaimed(in: [:]))
    }

    @Test func contrastFollowsWCAG() throws {
        #expect(Color.rgb(0, 0, 0).contrast(to: .rgb(255, 255, 255)) == 21)
        #expect(Color.rgb(9, 9, 9).contrast(to: .rgb(9, 9, 9)) == 1)
        // The lightest grey known to pass 4.5:1 on white.
        let grey = try #require(Color.rgb(0x76, 0x76, 0x76).contrast(to: .rgb(255, 255, 255)))
        #expect(grey > 4.5 && grey < 4.6)
        #expect(Color.standard.contrast(to: .rgb(0, 0, 0)) == nil)
    }
}
