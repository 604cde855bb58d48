import Foundation
import TUI
import Testing

@Suite struct DisplayWidthTests {
    /// The soft hyphen, which Sotto leaves out, and a mark that newer versions of Unicode call spacing.
    private let excluded = [0xAD, 0x1171E]

    /// Golden data: scripts/golden/display_widths.py.
    @Test func agreesWithTheCLibraryAndPythonForEveryCodePoint() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/display_widths.json")
        let runs = try JSONDecoder().decode([[Int]].self, from: Data(contentsOf: file))
        var wrong: [String] = []
        for run in runs {
            for point in run[0]...run[1] where !excluded.contains(point) {
                guard let scalar = Unicode.Scalar(UInt32(point)) else { continue }
                if DisplayWidth.of(scalar) != run[2] { wrong.append(String(point, radix: 16)) }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(20))")
    }

    /// What tmux 3.3a does with each, read from its cursor.
    @Test(arguments: [
        ("e\u{301}", 1), ("❤\u{FE0F}", 1), ("👨‍👩‍👧", 2), ("🇩🇪", 2), ("👍🏽", 4), ("1\u{FE0F}\u{20E3}", 1),
        ("\u{1112}\u{1161}\u{11AB}", 2), ("क्षि", 3), ("ก่", 1), ("🧔‍♂️", 2), ("⌚", 2), ("±", 1), ("🏳️‍🌈", 1),
        ("가", 2), ("ｱﾞ", 2), ("日本語", 6), ("a", 1), ("", 0),
    ])
    func clustersTakeTheColumnsThatATerminalGivesThem(text: String, columns: Int) {
        #expect(DisplayWidth.of(text) == columns)
    }

    @Test func aClusterIsNeverLongerThanATerminalKeeps() {
        let stacked = "a" + String(repeating: "\u{301}", count: 500)
        let clusters = Array(DisplayClusters(stacked))
        #expect(clusters.count == 1)
        #expect(clusters[0].text.utf8.count <= 21)
    }
}
