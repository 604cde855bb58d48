import HTTP

/// The addresses of services, as people and other programs write them.
enum BaseAddress {
    /// The address without white space, quotes, and slashes at its end; nil if nothing is left.
    static func trimmed(_ text: String?) -> String? {
        guard let text else { return nil }
        let noise: Set<Character> = [" ", "\t", "\r", "\n", "\"", "'"]
        var address = Substring(text).drop { noise.contains($0) }
        while let last = address.last, noise.contains(last) || last == "/" { address.removeLast() }
        return address.isEmpty ? nil : String(address)
    }

    /// An address whose scheme may be missing: LM Studio's clients take "127.0.0.1:1234".
    static func withScheme(_ address: String) -> String { address.contains("://") ? address : "http://" + address }
}

extension HTTPOrigin {
    /// Whether a key may be sent there: encrypted, or not beyond the local network. A name counts as local if the public
    /// DNS cannot have it: one label, or below a domain that is reserved for private networks.
    var isSafeForKeys: Bool { scheme == "https" || isLoopback || isPrivate }

    private var isPrivate: Bool {
        if let octets { return Self.isPrivate(octets) }
        if host.contains(":") {
            // fc00::/7 (unique local) and fe80::/10 (link local).
            let first = host.prefix { $0 != ":" }
            guard let group = UInt16(first, radix: 16) else { return false }
            return group & 0xFE00 == 0xFC00 || group & 0xFFC0 == 0xFE80
        }
        return !host.contains(".") || [".local", ".internal", ".home.arpa"].contains { host.hasSuffix($0) }
    }

    private var octets: [UInt8]? {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return parts.count == 4 && !parts.contains(nil) ? parts.compactMap(\.self) : nil
    }

    /// RFC 1918 and RFC 3927.
    private static func isPrivate(_ octets: [UInt8]) -> Bool {
        switch (octets[0], octets[1]) {
        case (10, _), (172, 16...31), (192, 168), (169, 254): true
        default: false
        }
    }
}
