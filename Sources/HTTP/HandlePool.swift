import Synchronization

/// Idle handles with their open connections.
final class HandlePool: Sendable {
    private struct Idle: Sendable {
        let origin: HTTPOrigin
        let handle: CurlHandle
    }

    /// The most idle handles.
    private static let limit = 8
    /// The most recently used last.
    private let idle = Mutex<[Idle]>([])

    /// An idle handle that was last used for the same origin, or a new one; nil if there is no memory.
    func take(for origin: HTTPOrigin) -> CurlHandle? {
        let handle = idle.withLock { idle in
            idle.lastIndex { $0.origin == origin }.map { idle.remove(at: $0).handle }
        }
        return handle ?? CurlHandle()
    }

    /// Keeps a handle whose transfer is complete, with its connection. Its options, keys among them, are forgotten.
    func put(_ handle: CurlHandle, for origin: HTTPOrigin) {
        handle.reset()
        // Closing connections takes time: after the lock, when the oldest handle is released.
        let oldest = idle.withLock { idle in
            idle.append(Idle(origin: origin, handle: handle))
            return idle.count > Self.limit ? idle.removeFirst() : nil
        }
        withExtendedLifetime(oldest) {}
    }
}
