import Chat
import Foundation
import JSON

/// The answer to a search.
public struct SessionHits: Sendable, Equatable {
    /// The sessions that contain the text, the most recently changed first.
    public let hits: [SessionHit]
    /// Whether all sessions were searched; false if the search ended at a limit.
    public let isComplete: Bool
}

/// A session that contains a search text.
public struct SessionHit: Sendable, Equatable {
    public let id: SessionID
    /// One line of context around each of the first matches.
    public let excerpts: [String]
}

extension SessionStore {
    /// The sessions with messages that contain a text, ignoring case; the most recently changed first.
    ///
    /// - Parameters:
    ///   - limit: the number of sessions after which the search ends.
    ///   - isCancelled: called before every file; if true, the matches so far are returned.
    public func search(_ query: String, limit: Int = .max, isCancelled: () -> Bool = { false }) -> SessionHits {
        guard !query.isEmpty else { return SessionHits(hits: [], isComplete: true) }
        let search = SessionSearch(query)
        var hits: [SessionHit] = []
        var bytesLeft = SessionSearch.byteLimit
        for summary in list() where summary.problem == nil {
            bytesLeft -= summary.fileBytes
            if isCancelled() || bytesLeft < 0 { return SessionHits(hits: hits, isComplete: false) }
            let excerpts = search.excerpts(in: contents(of: summary.id))
            if excerpts.isEmpty { continue }
            if hits.count >= limit { return SessionHits(hits: hits, isComplete: false) }
            hits.append(SessionHit(id: summary.id, excerpts: excerpts))
        }
        return SessionHits(hits: hits, isComplete: true)
    }
}

/// Searches the bytes of session files for a text.
private struct SessionSearch {
    /// A search ends with its matches so far when it has read this much.
    static let byteLimit = 1 << 30
    private static let excerptLimit = 3
    /// Characters of context before and after a match.
    private static let before = 24
    private static let after = 60

    private let query: String
    /// The query as it is in a file, in lower case; nil if it may be written differently there.
    private let bytes: [UInt8]?

    init(_ query: String) {
        self.query = query
        let isPlain = query.utf8.allSatisfy { byte in
            (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
        }
        bytes = isPlain ? Array(query.lowercased().utf8) : nil
    }

    func excerpts(in file: [UInt8]) -> [String] {
        // Most files do not contain the text and need not be parsed.
        if let bytes, !Self.contains(bytes, in: file) { return [] }
        let messages = JSONReader.recover(file).value.object?["messages"]?.array ?? []
        var found: [String] = []
        for text in messages.lazy.compactMap({ $0.object?["content"]?.string }) {
            if found.count >= Self.excerptLimit { break }
            if let range = text.range(of: query, options: .caseInsensitive) { found.append(Self.excerpt(text, range)) }
        }
        return found
    }

    private static func excerpt(_ text: String, _ range: Range<String.Index>) -> String {
        let start = text.index(range.lowerBound, offsetBy: -before, limitedBy: text.startIndex) ?? text.startIndex
        let end = text.index(range.upperBound, offsetBy: after, limitedBy: text.endIndex) ?? text.endIndex
        let words = text[start..<end].split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return (start > text.startIndex ? "…" : "") + words + (end < text.endIndex ? "…" : "")
    }

    private static func contains(_ wanted: [UInt8], in file: [UInt8]) -> Bool {
        guard let first = wanted.first, file.count >= wanted.count else { return false }
        return file.withUnsafeBufferPointer { file in
            (0...file.count - wanted.count).contains { start in
                lower(file[start]) == first && wanted.indices.allSatisfy { lower(file[start + $0]) == wanted[$0] }
            }
        }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
