import Foundation
import TUI
import Testing

/// Compares a screen with Golden/NAME.txt, cell by cell, and prints the rows that differ. With SOTTO_RECORD=1 in the
/// environment the file is written instead: review the changes before you commit it.
func expectScreen(_ surface: Surface, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name).txt")
    let shown = surface.rows
    if ProcessInfo.processInfo.environment["SOTTO_RECORD"] != nil {
        try Data((shown.joined(separator: "\n") + "\n").utf8).write(to: file)
        return
    }
    let text = try String(contentsOf: file, encoding: .utf8)
    let expected = text.dropLast().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if shown == expected { return }
    let rows = (0..<max(shown.count, expected.count)).map { row -> String in
        let old = expected.indices.contains(row) ? expected[row] : "(no row)"
        let new = shown.indices.contains(row) ? shown[row] : "(no row)"
        return old == new ? "  \(old)" : "- \(old)\n+ \(new)"
    }
    Issue.record("\(name) differs:\n\(rows.joined(separator: "\n"))", sourceLocation: sourceLocation)
}
