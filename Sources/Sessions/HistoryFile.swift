import Foundation

/// The messages that were sent, for Up and Ctrl-R in later runs: one JSON string per line, the latest last. Several
/// programs may append at the same time. Damaged lines are skipped.
public struct HistoryFile: Sendable {
    private let path: String

    /// The maximum number of entries, and of bytes in an entry. Longer messages were pasted, and are in their session.
    private static let entryLimit = 1000
    private static let entryBytes = 32 << 10
    /// A larger file is shortened when it is read.
    private static let fileBytes = 4 << 20

    public init(_ home: SottoHome) { path = home.history }

    /// The latest entries, oldest first.
    public func load() -> [String] {
        guard let bytes = try? FileAccess.readEnd(of: path, limit: Self.fileBytes) else { return [] }
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        let entries = lines.suffix(Self.entryLimit).compactMap {
            try? JSONDecoder().decode(String.self, from: Data($0))
        }
        if bytes.count == Self.fileBytes || lines.count > 2 * Self.entryLimit {
            try? FileAccess.replace(
                path, with: Array(entries.compactMap(Self.line).flatMap { $0 + [UInt8(ascii: "\n")] }))
        }
        return entries
    }

    public func add(_ text: String) throws(SessionError) {
        guard text.utf8.count <= Self.entryBytes, let line = Self.line(text) else { return }
        try FileAccess.append(line: line, to: path)
    }

    private static func line(_ text: String) -> [UInt8]? { (try? JSONEncoder().encode(text)).map { Array($0) } }
}
