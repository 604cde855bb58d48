import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// System locks on open files (`flock`). They end with their process, even if that crashes.
package struct FileLocks: Sendable {
    package enum Outcome: Sendable, Equatable {
        case taken
        /// Another open file of the same name has the lock, in this process or another one.
        case held
        /// The file system has no locks, as on some network file systems and in some containers, with the reason.
        case unsupported(String)
    }

    /// Asks for the lock of a descriptor without waiting. Returns 0 or an error number.
    private let request: @Sendable (Int32) -> Int32

    package init(request: @escaping @Sendable (Int32) -> Int32) { self.request = request }

    package static let system = FileLocks { flock($0, LOCK_EX | LOCK_NB) == 0 ? 0 : errno }

    /// Tries to take the lock of an open file. Closing the file releases it.
    package func take(_ descriptor: Int32) -> Outcome {
        while true {
            switch request(descriptor) {
            case 0: return .taken
            case EINTR: continue
            case EWOULDBLOCK: return .held
            case let code: return .unsupported(SystemError.reason(code))
            }
        }
    }
}
