import HTTP
import Synchronization

/// Puts an answer together, or its beginning.
final class AnswerCollector: Sendable {
    private let limit: Int?
    private let collected = Mutex(HTTPResponse(head: HTTPHead(status: 0)))

    /// - Parameter limit: bytes of the body that are enough; nil for all of it.
    init(limit: Int?) { self.limit = limit }

    /// Whether as many bytes have arrived as are enough.
    var isFull: Bool { limit.map { limit in collected.withLock { $0.body.count >= limit } } ?? false }

    var answer: HTTPResponse { collected.withLock { $0 } }

    func append(_ part: HTTPPart) {
        collected.withLock {
            switch part {
            case .head(let head): $0.head = head
            case .bytes(let bytes): $0.body += bytes
            }
        }
    }
}
