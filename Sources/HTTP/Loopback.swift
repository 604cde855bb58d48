#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Which hosts are this computer.
enum Loopback {
    /// "localhost" and the names below it, which RFC 6761 reserves for this computer.
    static func isName(_ host: String) -> Bool { host == "localhost" || host.hasSuffix(".localhost") }

    /// Addresses in 127.0.0.0/8, and ::1 in any notation.
    static func isAddress(_ host: String) -> Bool {
        var v4 = in_addr()
        if inet_pton(AF_INET, host, &v4) == 1 { return UInt32(bigEndian: v4.s_addr) >> 24 == 127 }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, host, &v6) == 1 else { return false }
        return withUnsafeBytes(of: &v6) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
    }

    /// Where libcurl finds a loopback name without asking anyone, in the form of CURLOPT_RESOLVE; nil for other hosts.
    static func pinnedAddresses(of origin: HTTPOrigin) -> String? {
        isName(origin.host) ? "\(origin.host):\(origin.port):127.0.0.1,[::1]" : nil
    }
}
