import HTTP
import Synchronization

/// Separates the pieces of a successful answer from the body of a failed one, which is collected.
final class StreamedAnswer: Sendable {
    /// No service explains an error at more length than this.
    private static let bodyLimit = 64 << 10
    private let state = Mutex<(head: HTTPHead?, body: [UInt8])>((nil, []))

    /// The bytes, if they belong to a successful answer.
    func take(_ part: HTTPPart) -> [UInt8]? {
        state.withLock { state in
            switch part {
            case .head(let head):
                state.head = head
                return nil
            case .bytes(let bytes):
                guard let head = state.head, !(200..<300).contains(head.status) else { return bytes }
                state.body += bytes.prefix(Self.bodyLimit - state.body.count)
                return nil
            }
        }
    }

    /// What an answer with an error status says; nil if the status was a success.
    var failure: (head: HTTPHead, body: [UInt8])? {
        state.withLock { state in
            guard let head = state.head, !(200..<300).contains(head.status) else { return nil }
            return (head, state.body)
        }
    }
}
