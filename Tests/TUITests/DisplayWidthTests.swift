import Foundation
import TUI
import Testing

@Suite struct DisplayWidthTests {
    /// The soft hyphen, which Sotto removes, and a mark that newer versions of Unicode classify as spacing.
    private let excluded = [0xAD, 0x1171E]

    /// Golden data: scripts/golden/display_widths.py.
    @Test func matchesTheCLibraryAndPython() throws {
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

    /// Golden data: scripts/golden/cluster_widths.py (Python's wcwidth 0.7.0).
    @Test func clusterWidthsMatchTheReference() throws {
        struct Row: Decodable {
            var text: String
            var columns: Int
        }
        for row in try golden([Row].self, "cluster_widths.json") {
            #expect(DisplayWidth.of(row.text) == row.columns, "\(row.text)")
        }
    }

    /// Where Sotto differs from wcwidth: a hand with a skin tone is an emoji, and conjuncts are not joined.
    @Test(arguments: [("☝🏽", 2), ("क्ष", 2), ("क्षि", 3)]) func otherClusters(text: String, columns: Int) {
        #expect(DisplayWidth.of(text) == columns)
    }

    @Test(arguments: [
        ("é", ["é"]), ("👍🏽👍", ["👍🏽", "👍"]), ("a\u{200D}b", ["a", "b"]), ("🇩🇪🇫🇷🇮", ["🇩🇪", "🇫🇷", "🇮"]),
        ("👨🏻‍❤️‍💋‍👨🏻!", ["👨🏻‍❤️‍💋‍👨🏻", "!"]), ("किक", ["कि", "क"]), ("1️⃣2", ["1️⃣", "2"]),
    ])
    func splitsIntoClusters(text: String, clusters: [String]) {
        #expect(DisplayClusters(text).map(\.text) == clusters)
    }

    @Test func clustersAreShort() {
        let stacked = "a" + String(repeating: "\u{301}", count: 500)
        let clusters = Array(DisplayClusters(stacked))
        #expect(clusters.count == 1)
        #expect(clusters[0].text.utf8.count <= 48)
        let chained = Array(repeating: "👩", count: 500).joined(separator: "\u{200D}")
        #expect(DisplayClusters(chained).allSatisfy { $0.width == 2 && $0.text.utf8.count <= 48 })
    }

    @Test(arguments: ["a", "é", "e\u{301}", "日", "가", "ก่", "…", "█", "❤", "👍", "ש"]) func reliableWidths(
        text: String
    ) {
        #expect(Cell(text, style: .plain, width: 1).hasReliableWidth)
    }

    @Test(arguments: ["❤️", "👍🏽", "🏽", "👨‍👩‍👧", "🇩🇪", "1️⃣", "कि", "\u{E000}", "\u{1112}\u{1161}", "🫩", "🏴󠁧󠁢󠁿"])
    func unreliableWidths(text: String) {
        #expect(!Cell(text, style: .plain, width: 2).hasReliableWidth)
    }

    private func golden<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
        return try JSONDecoder().decode(type, from: Data(contentsOf: file))
    }
}
