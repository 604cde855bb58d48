extension ServiceKind {
    /// An address as people write it, as the base of this kind's paths: without slashes at its end, with the "/v1" that
    /// a bare host needs.
    func base(_ address: String) -> String {
        var address = address[...]
        while address.last == "/" { address.removeLast() }
        switch self {
        case .openai, .mistral, .compatible: return Self.hasPath(address) ? String(address) : address + "/v1"
        case .lmstudio, .anthropic, .ollama:
            // People copy the address of any of a server's interfaces.
            let path = interfaces.first { address.hasSuffix($0) } ?? ""
            return String(address.dropLast(path.count))
        }
    }

    /// What may follow the base of a kind's paths, the longest first.
    private var interfaces: [String] {
        switch self {
        case .lmstudio: ["/api/v1", "/api/v0", "/v1"]
        case .ollama: ["/api", "/v1"]
        case .anthropic: ["/v1"]
        case .openai, .mistral, .compatible: []
        }
    }

    private static func hasPath(_ address: Substring) -> Bool {
        let host = address.firstRange(of: "://").map { address[$0.upperBound...] } ?? address
        return host.contains("/")
    }
}
