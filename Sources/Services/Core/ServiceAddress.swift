extension ServiceKind {
    /// An address as people write it, as the base of this kind's paths: without slashes at its end, with the "/v1" that
    /// a bare host needs.
    func base(_ address: String) -> String {
        var address = address[...]
        while address.last == "/" { address.removeLast() }
        switch self {
        case .openai, .mistral, .compatible: return Self.hasPath(address) ? String(address) : address + "/v1"
        case .lmstudio:
            // It has two interfaces; people copy the address of either.
            for path in ["/v1", "/api/v1", "/api/v0"] where address.hasSuffix(path) && !address.hasSuffix("/api" + path)
            {
                return String(address.dropLast(path.count))
            }
            return String(address)
        case .anthropic, .ollama: return String(address)
        }
    }

    private static func hasPath(_ address: Substring) -> Bool {
        let host = address.firstRange(of: "://").map { address[$0.upperBound...] } ?? address
        return host.contains("/")
    }
}
