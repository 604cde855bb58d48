import Files
import HTTP
import Synchronization

/// Receives one response and appends its body to a partial file, after checking that it belongs there.
final class DownloadSink: Sendable {
    /// Why a response was not taken, or not to its end.
    enum Refusal: Error {
        /// Its status is not one of success.
        case status(HTTPHead)
        /// It continues another version of the file.
        case changed
        case failed(PullError)
    }

    private struct State {
        var hash: SHA256
        var notes: PartialNotes
        /// Bytes that the server announced for the whole file.
        var total: Int?
        var refusal: Refusal?
        /// Whether the body is decompressed on the way; the announced length is another one then.
        var isEncoded = false
        var hasHead = false
    }

    private let file: RemoteFile
    private let partial: PartialFile
    private let state: Mutex<State>
    private let progress: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - hash: of the bytes that are in the partial file already.
    ///   - progress: called with the bytes that are in it now.
    init(
        _ file: RemoteFile, partial: PartialFile, hash: SHA256, notes: PartialNotes,
        progress: @escaping @Sendable (Int) -> Void
    ) {
        self.file = file
        self.partial = partial
        self.progress = progress
        state = Mutex(State(hash: hash, notes: notes))
    }

    var refusal: Refusal? { state.withLock { $0.refusal } }
    /// Of all bytes in the partial file.
    var hash: SHA256 { state.withLock { $0.hash } }
    /// Bytes of the whole file, if the source or the server said so.
    var total: Int? { state.withLock { file.bytes ?? ($0.isEncoded ? nil : $0.total) } }

    func receive(_ part: HTTPPart) {
        state.withLock { state in
            guard state.refusal == nil else { return }
            do throws(Refusal) {
                switch part {
                case .head(let head): try begin(head, &state)
                case .bytes(let bytes): try append(bytes, &state)
                }
            } catch {
                state.refusal = error
            }
        }
    }

    // MARK: Head

    private func begin(_ head: HTTPHead, _ state: inout State) throws(Refusal) {
        let encoding = head["content-encoding"]?.lowercased() ?? "identity"
        state.isEncoded = !["", "identity"].contains(encoding)
        switch head.status {
        case 206 where partial.count > 0: try resume(head, &state)
        case 200: try restart(head, &state)
        default: throw .status(head)
        }
        state.hasHead = true
    }

    /// The rest of the file, unless it is another part or the rest of another version.
    private func resume(_ head: HTTPHead, _ state: inout State) throws(Refusal) {
        guard !state.isEncoded, let range = ContentRange(head["content-range"] ?? ""), range.first == partial.count
        else { throw .changed }
        if let version = Self.version(head), let known = state.notes.version, version != known { throw .changed }
        if let total = range.total, let known = file.bytes ?? state.notes.bytes, total != known { throw .changed }
        state.total = range.total ?? state.notes.bytes
    }

    /// The whole file: nothing has arrived before, the server has no ranges, or it has another version now.
    private func restart(_ head: HTTPHead, _ state: inout State) throws(Refusal) {
        // Such as the page on which a hotel's network asks for a password. What has arrived before stays.
        if file.isGGUF, head["content-type"]?.lowercased().hasPrefix("text/html") == true {
            throw .failed(.notAModel(host: file.host, isWebPage: true))
        }
        let announced = state.isEncoded ? nil : head["content-length"].flatMap { Int($0) }
        if let announced, let expected = file.bytes, announced != expected {
            throw .failed(
                .wrongLength(file: file.name, host: file.host, expected: expected, announced: announced))
        }
        state.total = announced
        state.hash = SHA256()
        state.notes.version = Self.version(head)
        state.notes.bytes = file.bytes ?? announced
        try attempt { () throws(PullError) in
            try partial.clear()
            try partial.save(state.notes)
        }
    }

    /// What changes with the file. Weak ETags do not: they stay the same for versions with other bytes.
    private static func version(_ head: HTTPHead) -> String? {
        let tag = head["etag"].flatMap { $0.hasPrefix("W/") || $0.isEmpty ? nil : $0 }
        return (tag ?? head["last-modified"]).flatMap { $0.utf8.count <= 1000 ? $0 : nil }
    }

    // MARK: Body

    private static let magic = Array("GGUF".utf8)

    private func append(_ bytes: [UInt8], _ state: inout State) throws(Refusal) {
        guard state.hasHead else { return }
        let count = partial.count
        if let expected = file.bytes, bytes.count > expected - count {
            try useless(
                .wrongLength(
                    file: file.name, host: file.host, expected: expected, announced: count + bytes.count))
        }
        try attempt { () throws(PullError) in try partial.append(bytes) }
        state.hash.update(bytes)
        if file.isGGUF, count < Self.magic.count { try checkStart() }
        progress(partial.count)
    }

    private func checkStart() throws(Refusal) {
        var start: [UInt8] = []
        try attempt { () throws(PullError) in
            _ = try partial.read { block in
                start = Array(block.prefix(Self.magic.count))
                return false
            }
        }
        guard !zip(start, Self.magic).allSatisfy({ $0 == $1 }) else { return }
        try useless(.notAModel(host: file.host, isWebPage: start.first == UInt8(ascii: "<")))
    }

    /// Nothing of what has arrived can be used.
    private func useless(_ error: PullError) throws(Refusal) {
        try attempt { () throws(PullError) in try partial.clear() }
        throw .failed(error)
    }

    private func attempt(_ body: () throws(PullError) -> Void) throws(Refusal) {
        do throws(PullError) { try body() } catch { throw .failed(error) }
    }
}

/// The header of a part of a file, such as "bytes 100-199/5000" (RFC 9110, section 14.4).
struct ContentRange: Equatable {
    let first: Int
    /// Of the whole file; nil if the server does not say.
    let total: Int?

    /// Nil for every other form.
    init?(_ text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "bytes" else { return nil }
        let pieces = parts[1].split(separator: "/")
        let range = (pieces.first ?? "").split(separator: "-")
        guard pieces.count == 2, range.count == 2, let first = Int(range[0]), let last = Int(range[1]), first >= 0,
            last >= first
        else { return nil }
        guard pieces[1] != "*" else {
            (self.first, total) = (first, nil)
            return
        }
        guard let total = Int(pieces[1]), total > last else { return nil }
        (self.first, self.total) = (first, total)
    }
}
