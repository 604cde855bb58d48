import Foundation
import Sessions

/// What was sent, kept from run to run for Up and Ctrl-R: one JSON string a line, the latest last. Several programs may
/// add to it at once. Lost or damaged lines are simply not there.
struct HistoryFile {
    private let path: String

    /// Entries that are kept, and bytes of one that is: longer ones were pasted, and are in their session.
    private static let entryLimit = 1000
    private static let entryBytes = 32 << 10
    /// From here on the file is shortened when it is read.
    private static let fileBytes = 4 << 20

    init(_ home: SottoHome) { path = "\(home.folder)/history.jsonl" }

    /// The latest entries, the oldest of them first.
    func load() -> [String] {
        guard let bytes = try? FileAccess.read(path) else { return [] }
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        let entries = lines.suffix(Self.entryLimit).compactMap {
            try? JSONDecoder().decode(String.self, from: Data($0))
        }
        if bytes.count > Self.fileBytes || lines.count > 2 * Self.entryLimit {
            try? FileAccess.replace(path, with: Array(entries.compactMap(Self.line).joined()))
        }
        return entries
    }

    func add(_ text: String) throws {
        guard text.utf8.count <= Self.entryBytes, let line = Self.line(text) else { return }
        try FileAccess.append(line, to: path)
    }

    private static func line(_ text: String) -> [UInt8]? {
        (try? JSONEncoder().encode(text)).map { Array($0) + [UInt8(ascii: "\n")] }
    }
}
