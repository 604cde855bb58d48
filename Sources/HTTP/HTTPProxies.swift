import CCurl
import Foundation

/// The proxies that the environment names. Hosts on this computer are never contacted through one.
public struct HTTPProxies: Sendable, Equatable {
    /// For http addresses.
    let http: String?
    /// For https addresses.
    let https: String?
    /// Hosts that are contacted directly, as in NO_PROXY.
    let exceptions: String

    /// From `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy`, in lower case or else in upper case. An empty
    /// variable counts as not set.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        func value(_ name: String) -> String? {
            [name, name.uppercased()].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        let all = value("all_proxy")
        http = value("http_proxy") ?? all
        https = value("https_proxy") ?? all
        exceptions = value("no_proxy") ?? ""
    }

    /// The proxy on the way to an origin, unless `exceptions` names the host.
    func proxy(for origin: HTTPOrigin) -> String? {
        guard !origin.isLoopback else { return nil }
        return origin.scheme == "https" ? https : http
    }

    /// Host and port of a proxy, for errors: without the user name and password that it may have.
    static func address(of proxy: String) -> (host: String, port: Int)? {
        guard let parts = curl_url() else { return nil }
        defer { curl_url_cleanup(parts) }
        let url = proxy.contains("://") ? proxy : "http://\(proxy)"
        let flags = UInt32(CURLU_NON_SUPPORT_SCHEME)
        var host: UnsafeMutablePointer<CChar>?
        var port: UnsafeMutablePointer<CChar>?
        defer { for text in [host, port] { curl_free(text) } }
        guard curl_url_set(parts, CURLUPART_URL, url, flags) == CURLUE_OK,
            curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK, let host
        else { return nil }
        // Without a port, libcurl uses that of SOCKS for every kind of proxy but https.
        let standard = url.lowercased().hasPrefix("https://") ? 443 : 1080
        _ = curl_url_get(parts, CURLUPART_PORT, &port, 0)
        return (PrintableText.shortened(host), port.flatMap { Int(String(cString: $0)) } ?? standard)
    }
}
