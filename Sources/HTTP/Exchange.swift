/// A request with its redirects, on a thread of its own.
final class Exchange {
    private let request: HTTPRequest
    private let options: HTTPClient.Options
    private let pool: HandlePool
    private let isCancelled: @Sendable () -> Bool
    private let onPart: @Sendable (HTTPPart) -> Void
    /// The transfer that is running or failed.
    private var transfer: Transfer?

    init(
        _ request: HTTPRequest, options: HTTPClient.Options, pool: HandlePool,
        isCancelled: @escaping @Sendable () -> Bool, onPart: @escaping @Sendable (HTTPPart) -> Void
    ) {
        self.request = request
        self.options = options
        self.pool = pool
        self.isCancelled = isCancelled
        self.onPart = onPart
    }

    func run() throws(HTTPError) {
        if let header = request.invalidHeader {
            throw .invalidHeader(String(decoding: header.name.utf8.filter(HTTPRequest.isNameByte), as: UTF8.self))
        }
        var request = request
        var origin = try HTTPOrigin(parsing: request.url)
        for _ in 0...Redirects.limit {
            switch try run(request, at: origin) {
            case .complete: return
            case .redirect(let status, let url):
                request = try Redirects.follow(request, at: origin, status: status, to: url)
                origin = try HTTPOrigin(parsing: url)
            }
        }
        throw .failed(host: origin.text, reason: "it redirects more than \(Redirects.limit) times")
    }

    /// Releases what a failed transfer left. It may wait for a name that is still being resolved, so the result of
    /// `run` should be passed on before.
    func close() {
        transfer?.handle.stop()
        transfer = nil
    }

    private func run(_ request: HTTPRequest, at origin: HTTPOrigin) throws(HTTPError) -> Transfer.Outcome {
        guard !options.isOffline || origin.isLoopback else { throw .offline(host: origin.text) }
        guard let handle = pool.take(for: origin) else { throw .failed(host: origin.text, reason: "no memory") }
        let transfer = Transfer(
            request, at: origin, options: options, handle: handle, isCancelled: isCancelled, onPart: onPart)
        self.transfer = transfer
        let outcome = try transfer.run()
        self.transfer = nil
        pool.put(handle, for: origin)
        return outcome
    }
}
