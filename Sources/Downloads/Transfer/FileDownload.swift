import Chat
import Files
import HTTP

/// Fetches one file: goes on where an earlier try ended, tries again after interruptions, checks length and checksum,
/// and gives the file its name only then.
struct FileDownload: Sendable {
    let file: RemoteFile
    /// The models folder.
    let root: String
    let client: HTTPClient
    let conditions: PullConditions
    let cancellation: Cancellation
    /// Called with the bytes of this file that are here.
    let progress: @Sendable (Int) -> Void
    /// Called before a checksum is computed from bytes on the disk, which takes seconds for gigabytes.
    let checking: @Sendable () -> Void

    /// How one response ended.
    private enum End {
        case complete
        case refused(HTTPHead)
        case interrupted(PullError)
        /// The server has another version than the one of which a part is here.
        case changed
    }

    /// Fewer bytes are not kept after a failure.
    private static let worthKeeping = 16
    /// New tokens of one download: more would be a server that refuses them all.
    private static let authorizationLimit = 8

    /// Returns once the complete file is in place.
    func run() async throws(PullError) {
        let partial = try PartialFile(root: root, path: file.path)
        do throws(PullError) {
            if try await verifier.isComplete(partial.target) {
                partial.discard()
                return progress(file.bytes ?? 0)
            }
            try await fetch(partial)
            try partial.publish()
        } catch {
            switch error {
            // Nothing of these can be used.
            case .wrongChecksum, .changed, .exists: partial.discard()
            default: if partial.count < Self.worthKeeping { partial.discard() }
            }
            throw error
        }
    }

    private var verifier: FileVerifier { FileVerifier(file: file, cancellation: cancellation, checking: checking) }

    private func fetch(_ partial: PartialFile) async throws(PullError) {
        var file = file
        var hash = try await verifier.resumed(partial)
        var retries = Retries(conditions)
        var authorizations = 0
        // Pieces of different responses may be of different versions: then one more try, with a single response.
        var isPieced = partial.count > 0
        var hasStartedOver = false

        func startOver(or error: PullError) throws(PullError) {
            guard !hasStartedOver else { throw error }
            hasStartedOver = true
            isPieced = false
            try partial.clear()
            hash = SHA256()
        }

        while true {
            if partial.count != file.bytes {
                let before = partial.count
                let end = try await attempt(file, partial, &hash)
                retries.note(progress: partial.count - before)
                if before > 0, partial.count > before { isPieced = true }
                switch end {
                case .complete: break
                case .changed:
                    try startOver(or: .changed(file: file.name, host: file.host))
                    continue
                case .refused(let head) where head.status == 401 && authorizations < Self.authorizationLimit:
                    guard let headers = await file.authorize(head) else { throw file.refusal(head) }
                    authorizations += 1
                    file.secretHeaders = headers
                    continue
                case .refused(let head):
                    try await retries.wait(after: file.refusal(head), cancellation)
                    continue
                case .interrupted(let error):
                    try await retries.wait(after: error, cancellation)
                    continue
                }
            }
            if try verifier.isRight(hash, count: partial.count) { return }
            let error = PullError.wrongChecksum(file: file.name, host: file.host)
            guard isPieced else { throw error }
            try startOver(or: error)
        }
    }

    /// Sends one request, for what is missing, and appends what it brings.
    private func attempt(
        _ file: RemoteFile, _ partial: PartialFile, _ hash: inout SHA256
    ) async throws(PullError) -> End {
        let known = partial.notes.flatMap { $0.describe(file) ? $0 : nil }
        if partial.count > 0, known == nil {
            try partial.clear()
            hash = SHA256()
        }
        let notes = known ?? PartialNotes(url: file.url, sha256: file.sha256, bytes: file.bytes)
        let sink = DownloadSink(file, partial: partial, hash: hash, notes: notes, progress: progress)
        let (request, limit) = try request(file, from: partial.count, version: notes.version)
        var failure: HTTPError?
        do throws(HTTPError) {
            try await client.stream(
                request, isCancelled: { [cancellation] in cancellation.isCancelled || sink.refusal != nil },
                onPart: { sink.receive($0) })
        } catch {
            failure = error
        }
        hash = sink.hash
        switch sink.refusal {
        case .status(let head) where head.status == 416: return .changed
        case .status(let head): return .refused(head)
        case .changed: return .changed
        case .failed(let error): throw error
        case nil: break
        }
        switch failure {
        case .cancelled: throw .cancelled
        case .tooLarge:
            throw .notEnoughDisk(folder: root, needed: limit + Disk.margin(for: limit), free: limit)
        case let failure?: return .interrupted(PullError(failure))
        case nil: break
        }
        if let total = sink.total, partial.count < total { return .interrupted(.network(.cut(host: file.host))) }
        return .complete
    }

    /// - Returns: the request, and the most bytes that are taken.
    private func request(
        _ file: RemoteFile, from start: Int, version: String?
    ) throws(PullError) -> (HTTPRequest, limit: Int) {
        // Compressed bytes would have other positions.
        var headers = [HTTPHeader("Accept-Encoding", "identity")]
        if start > 0 {
            headers.append(HTTPHeader("Range", "bytes=\(start)-"))
            if let version { headers.append(HTTPHeader("If-Range", version)) }
        }
        var limit = Int.max
        // A file of unknown length must not fill the disk.
        if file.bytes == nil, let free = conditions.freeBytes(root) {
            limit = free - Disk.margin(for: free)
            guard limit > 0 else {
                throw .notEnoughDisk(folder: root, needed: Disk.margin(for: free), free: free)
            }
        }
        let limits = HTTPLimits(firstByte: conditions.silence, silence: conditions.silence, bodyBytes: limit)
        return (HTTPRequest(file.url, headers: headers, secretHeaders: file.secretHeaders, limits: limits), limit)
    }
}
