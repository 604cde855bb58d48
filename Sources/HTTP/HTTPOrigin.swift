import CCurl

/// Scheme, host and port of an address: what a key belongs to.
public struct HTTPOrigin: Sendable, Hashable {
    /// "http" or "https".
    public let scheme: String
    /// In lower case; an IPv6 address without brackets.
    public let host: String
    public let port: Int
    /// Whether this is the same computer: "localhost" and names below it, 127.0.0.0/8, ::1. Names that only begin like
    /// these are not.
    public let isLoopback: Bool

    /// nil unless the address is one that `HTTPClient` uses.
    public init?(_ url: String) {
        guard let origin = try? HTTPOrigin(parsing: url) else { return nil }
        self = origin
    }

    /// Read by libcurl itself, so that what is checked is what is connected to.
    ///
    /// - Throws: `.invalidAddress`.
    init(parsing url: String) throws(HTTPError) {
        try Self.check(url)
        guard let parts = curl_url() else { throw .invalidAddress("The address cannot be read") }
        defer { curl_url_cleanup(parts) }
        guard curl_url_set(parts, CURLUPART_URL, url, UInt32(CURLU_DISALLOW_USER)) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: parts), scheme == "http" || scheme == "https",
            let host = Self.part(CURLUPART_HOST, of: parts), host.utf8.allSatisfy(Self.isHostByte),
            let port = Self.part(CURLUPART_PORT, of: parts).flatMap({ Int($0) }), (1...65_535).contains(port)
        else { throw .invalidAddress("The address is not valid. It looks like https://example.com/v1") }
        self.scheme = scheme
        self.host = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        self.port = port
        isLoopback = Loopback.isName(self.host) || Loopback.isAddress(self.host)
    }

    /// "api.openai.com" or "127.0.0.1:8080": the port is left out if it is the scheme's own.
    public var text: String { port == (scheme == "https" ? 443 : 80) ? bracketedHost : hostAndPort }

    /// "api.openai.com:443".
    var hostAndPort: String { "\(bracketedHost):\(port)" }

    private var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }

    /// What libcurl would repair silently, or read otherwise than the user.
    private static func check(_ url: String) throws(HTTPError) {
        guard let start = ["http://", "https://"].first(where: { url.lowercased().hasPrefix($0) }) else {
            throw .invalidAddress("The address does not begin with http:// or https://")
        }
        guard url.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else {
            throw .invalidAddress("The address contains a space or another character that addresses cannot have")
        }
        let authority = url.dropFirst(start.count).prefix { !"/?#".contains($0) }
        guard !authority.isEmpty else { throw .invalidAddress("The address names no host") }
        guard !authority.contains("@") else {
            throw .invalidAddress("The address contains a user name or password. Remove it, and set a key instead")
        }
    }

    private static func part(_ part: CURLUPart, of url: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        defer { curl_free(text) }
        guard curl_url_get(url, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text else { return nil }
        return String(cString: text).lowercased()
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: ".-_:[]".utf8.contains(byte)
        }
    }
}
