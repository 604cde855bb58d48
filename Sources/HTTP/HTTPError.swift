/// Why a request got no whole response, by what the user can do about it.
///
/// A host is the text of its `HTTPOrigin`. No text contains a path, a query, a header or a body.
public enum HTTPError: Error, Equatable {
    /// The address cannot be used; the text says why.
    case invalidAddress(String)
    /// A header has a line break or another control character in it, or its name is none. The text is what can be shown
    /// of the name.
    case invalidHeader(String)
    /// In offline mode, for a host that is not this computer.
    case offline(host: String)
    case cannotResolve(host: String)
    /// Nothing listens there. The text is host and port.
    case refused(host: String)
    case unreachable(host: String, reason: String)
    case tls(host: String, reason: String)
    case timedOut(host: String, HTTPWait)
    /// The body, or else the head, has more bytes than this.
    case tooLarge(limit: Int)
    /// A redirect that is not followed, because it would take the request where the user did not send it.
    case redirected(host: String, to: String)
    /// The connection ended before the response did.
    case cut(host: String)
    case cancelled
    case failed(host: String, reason: String)
}

/// What took too long.
public enum HTTPWait: Sendable {
    /// The connection.
    case connect
    /// The first byte of the response's body.
    case firstByte
    /// The next byte of the response's body.
    case silence
}

extension HTTPError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidAddress(let reason): reason
        case .invalidHeader(let name): "The header \(name) contains a line break or the like. Check the key in it"
        case .offline(let host): "\(host) is not on this computer. Turn offline mode off to use it"
        case .cannotResolve(let host): "\(host) was not found. Check its spelling and the network connection"
        case .refused(let host): "\(host) refused the connection. Start the server there, or check the address"
        case .unreachable(let host, let reason): "Cannot reach \(host): \(reason). Check the network connection"
        case .tls(let host, let reason):
            "No secure connection to \(host): \(reason). Check the address and the file of trusted certificates"
        case .timedOut(let host, .connect):
            "\(host) could not be reached in time. Check the address and the network connection"
        case .timedOut(let host, .firstByte): "\(host) did not begin its reply in time. Try again"
        case .timedOut(let host, .silence): "\(host) stopped in the middle of its reply. Try again"
        case .tooLarge(let limit): "The reply was stopped, because it is larger than \(Self.size(limit))"
        case .redirected(let host, let target): "\(host) redirects to \(target). Use that address if you trust it"
        case .cut(let host): "The connection to \(host) ended before the reply was complete. Try again"
        case .cancelled: "Stopped"
        case .failed(let host, let reason): "The request to \(host) failed: \(reason)"
        }
    }

    private static func size(_ bytes: Int) -> String {
        switch bytes {
        case (1 << 20)...: "\(bytes >> 20) MiB"
        case (1 << 10)...: "\(bytes >> 10) KiB"
        default: "\(bytes) bytes"
        }
    }
}
