import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A free port of this computer, which nothing else gets while the value exists. Nobody answers on it.
public final class LoopbackPort: Sendable {
    public let number: Int
    /// For whoever accepts connections on it.
    public let socket: Int32

    struct NoPort: Error {}

    /// - Parameter listens: whether connections are made, and then wait; otherwise they are refused.
    public init(listens: Bool) throws {
        #if canImport(Glibc)
            let stream = Int32(SOCK_STREAM.rawValue)
        #else
            let stream = SOCK_STREAM
        #endif
        let socket = Foundation.socket(AF_INET, stream, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isOpen = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && (!listens || listen(socket, 16) == 0)
                    && getsockname(socket, $0, &length) == 0
            }
        }
        guard isOpen else { throw NoPort() }
        self.socket = socket
        number = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit {
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
    }
}
