extension ServiceKind {
    /// An address as people write it, as the base of this kind's paths, without slashes at its end.
    func base(_ address: String) -> String {
        var address = address[...]
        while address.last == "/" { address.removeLast() }
        switch traits.address.ending {
        case .version: return Self.hasPath(address) ? String(address) : address + "/v1"
        case .none(let interfaces):
            let path = interfaces.first { address.hasSuffix($0) } ?? ""
            return String(address.dropLast(path.count))
        }
    }

    private static func hasPath(_ address: Substring) -> Bool {
        let host = address.firstRange(of: "://").map { address[$0.upperBound...] } ?? address
        return host.contains("/")
    }
}
