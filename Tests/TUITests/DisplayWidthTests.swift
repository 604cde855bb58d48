import Foundation
import TUI
import Testing

@Suite struct DisplayWidthTests {
    /// The soft hyphen, which Sotto leaves out, and a mark that newer versions of Unicode call spacing.
    private let excluded = [0xAD, 0x1171E]

    /// Golden data: scripts/golden/display_widths.py.
    @Test func agreesWithTheCLibraryAndPythonForEveryCodePoint() throws {
        let runs = try golden([[Int]].self, "display_widths.json")
        var wrong: [String] = []
        for run in runs {
            for point in run[0]...run[1] where !excluded.contains(point) {
                guard let scalar = Unicode.Scalar(UInt32(point)) else { continue }
                if DisplayWidth.of(scalar) != run[2] { wrong.append(String(point, radix: 16)) }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(20))")
    }

    /// Golden data: scripts/golden/terminal_widths.py (tmux 3.3a).
    @Test func clustersTakeTheColumnsThatATerminalGivesThem() throws {
        struct Row: Decodable {
            var text: String
            var columns: Int
        }
        for row in try golden([Row].self, "terminal_widths.json") {
            #expect(DisplayWidth.of(row.text) == row.columns, "\(row.text)")
        }
    }

    @Test func aClusterIsNeverLongerThanATerminalKeeps() {
        let stacked = "a" + String(repeating: "\u{301}", count: 500)
        let clusters = Array(DisplayClusters(stacked))
        #expect(clusters.count == 1)
        #expect(clusters[0].text.utf8.count <= 21)
    }

    private func golden<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
        return try JSONDecoder().decode(type, from: Data(contentsOf: file))
    }
}
