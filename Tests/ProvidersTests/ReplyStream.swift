import Chat
import Replies

extension Provider {
    /// The events of a reply as a stream. Ending the stream stops the reply.
    func reply(to request: ReplyRequest) -> AsyncThrowingStream<ReplyEvent, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await self.reply(to: request) { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}
