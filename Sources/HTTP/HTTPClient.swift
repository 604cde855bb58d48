import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Sends requests over HTTP and HTTPS with libcurl, and keeps connections open for the next ones.
public final class HTTPClient: Sendable {
    public struct Options: Sendable {
        /// Whether only this computer is contacted. Other hosts are then not even looked up.
        public var isOffline: Bool
        /// A file of certificates in PEM form that are trusted instead of the system's.
        public var certificateFile: String?
        /// How the program introduces itself to servers.
        public var userAgent: String
        public var proxies: HTTPProxies

        public init(
            isOffline: Bool = false, certificateFile: String? = nil, userAgent: String = "sotto",
            proxies: HTTPProxies = HTTPProxies()
        ) {
            self.isOffline = isOffline
            self.certificateFile = certificateFile
            self.userAgent = userAgent
            self.proxies = proxies
        }
    }

    private let options: Options
    private let pool = HandlePool()

    public init(_ options: Options) { self.options = options }

    /// Sends a request and hands over the response as it arrives. Returns when the body is complete.
    ///
    /// - Parameters:
    ///   - isCancelled: asked at least every 50 ms, from a thread of the request's own. Cancelling the task stops the
    ///     request, too.
    ///   - onPart: called on the same thread, first with the head, whatever its status. While it runs nothing more is
    ///     read, so a slow receiver slows the sender down instead of filling memory. Never called after the return.
    public func stream(
        _ request: HTTPRequest, isCancelled: @escaping @Sendable () -> Bool,
        onPart: @escaping @Sendable (HTTPPart) -> Void
    ) async throws(HTTPError) {
        let stop = StopFlag()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let thread = Thread { [options, pool] in
                    Self.blockBrokenPipes()
                    let exchange = Exchange(
                        request, options: options, pool: pool, isCancelled: { stop.isSet || isCancelled() },
                        onPart: onPart)
                    continuation.resume(returning: Result { () throws(HTTPError) in try exchange.run() })
                    exchange.close()
                }
                thread.name = "http"
                thread.start()
            }
        } onCancel: {
            stop.set()
        }
        try result.get()
    }

    /// The whole response, whatever its status. Cancelling the task stops it.
    public func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let collector = ResponseCollector()
        try await stream(request, isCancelled: { false }, onPart: { collector.append($0) })
        return collector.response
    }

    /// Writing to a closed connection sends the thread a signal that would end the program. Blocked, it stays with this
    /// thread.
    private static func blockBrokenPipes() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }
}

private final class StopFlag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }

    func set() { value.store(true, ordering: .relaxed) }
}

/// Puts the parts of a response together.
private final class ResponseCollector: Sendable {
    private let collected = Mutex(HTTPResponse(head: HTTPHead(status: 0)))

    var response: HTTPResponse { collected.withLock { $0 } }

    func append(_ part: HTTPPart) {
        collected.withLock {
            switch part {
            case .head(let head): $0.head = head
            case .bytes(let bytes): $0.body += bytes
            }
        }
    }
}
