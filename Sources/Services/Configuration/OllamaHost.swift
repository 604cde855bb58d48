/// Reads `OLLAMA_HOST` as Ollama does: "host", "host:port", ":port", "[::1]:port", each with or without a scheme and a
/// path. The same variable tells the server where to listen, so it may hold an address that means "everywhere".
enum OllamaHost {
    private static let defaultPort = 11434

    /// The address of the server, without a slash at its end.
    static func address(_ text: String?) -> String {
        guard let text = BaseAddress.trimmed(text) else { return "http://127.0.0.1:\(defaultPort)" }
        if text == "ollama.com" { return "https://ollama.com" }
        var scheme = "http", rest = Substring(text), port = defaultPort
        if let mark = text.range(of: "://") {
            scheme = text[..<mark.lowerBound].lowercased()
            rest = text[mark.upperBound...]
            port = scheme == "https" ? 443 : 80
        }
        let authority = rest.prefix { $0 != "/" }
        let (host, ownPort) = split(authority)
        let path = rest.dropFirst(authority.count)
        return "\(scheme)://\(client(host)):\(ownPort ?? port)\(path)"
    }

    /// A port that is none is ignored, as Ollama does.
    private static func split(_ authority: Substring) -> (host: Substring, port: Int?) {
        let colons = authority.count { $0 == ":" }
        guard let colon = authority.lastIndex(of: ":"), colons == 1 || authority.hasPrefix("["),
            !authority[colon...].contains("]")
        else { return (authority, nil) }
        let port = Int(authority[authority.index(after: colon)...]).flatMap { (1...65_535).contains($0) ? $0 : nil }
        return (authority[..<colon], port)
    }

    /// Where a client finds a server that listens there.
    private static func client(_ host: Substring) -> String {
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host
        switch bare {
        case "", "0.0.0.0": return "127.0.0.1"
        case "::": return "[::1]"
        default: return bare.contains(":") ? "[\(bare)]" : String(bare)
        }
    }
}
