import CCurl
import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension Transfer {
    /// What an error of libcurl means for the user.
    func error(for code: CURLcode, during wait: HTTPWait) -> HTTPError {
        let host = origin.text
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: return .cannotResolve(host: host)
        case CURLE_COULDNT_RESOLVE_PROXY: return .cannotResolve(host: proxyText ?? host)
        case CURLE_COULDNT_CONNECT: return connectionError
        case CURLE_OPERATION_TIMEDOUT: return .timedOut(host: host, wait)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            return .tls(host: host, reason: handle.explanation(of: code))
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_HTTP2,
            CURLE_HTTP2_STREAM:
            return proxyRefusal ?? .cut(host: host)
        case CURLE_BAD_CONTENT_ENCODING:
            return .failed(host: host, reason: "the reply is damaged (it cannot be decompressed)")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY:
            return .failed(host: host, reason: "the reply is not HTTP")
        default: return .failed(host: host, reason: handle.explanation(of: code))
        }
    }

    private var connectionError: HTTPError {
        let target = contactsProxy ? proxyText ?? origin.hostAndPort : origin.hostAndPort
        switch Int32(truncatingIfNeeded: handle.number(CURLINFO_OS_ERRNO)) {
        case ECONNREFUSED: return .refused(host: target)
        case ETIMEDOUT: return .timedOut(host: target, .connect)
        case 0: return .unreachable(host: target, reason: "no connection")
        case let number: return .unreachable(host: target, reason: SystemError.reason(number))
        }
    }

    /// A proxy that answered the request for a tunnel with an error.
    private var proxyRefusal: HTTPError? {
        let status = handle.number(CURLINFO_HTTP_CONNECTCODE)
        guard status >= 300 else { return nil }
        return .failed(host: origin.text, reason: "\(proxyText ?? "the proxy") refused it with status \(status)")
    }

    private var proxyAddress: (host: String, port: Int)? {
        options.proxies.proxy(for: origin).flatMap { HTTPProxies.address(of: $0) }
    }

    private var proxyText: String? { proxyAddress.map { "the proxy \($0.host):\($0.port)" } }

    private var contactsProxy: Bool {
        // libcurl does not report whether NO_PROXY named this host; the port that it connected to tells.
        proxyAddress.map { $0.port == contactedPort && $0.port != origin.port } ?? false
    }
}
