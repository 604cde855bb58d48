import HTTP
import Synchronization

/// The parts of a response as they were handed over.
final class PartLog: Sendable {
    private let parts = Mutex<[HTTPPart]>([])

    func append(_ part: HTTPPart) { parts.withLock { $0.append(part) } }

    var heads: [HTTPHead] {
        parts.withLock { $0.compactMap { if case .head(let head) = $0 { head } else { nil } } }
    }

    var pieces: [String] {
        parts.withLock {
            $0.compactMap { if case .bytes(let bytes) = $0 { String(decoding: bytes, as: UTF8.self) } else { nil } }
        }
    }

    var text: String { pieces.joined() }

    /// Whether the head came first.
    var beginsWithHead: Bool {
        parts.withLock { if case .head = $0.first { true } else { false } }
    }
}

/// A switch that a test turns on.
final class Switch: Sendable {
    private let value = Atomic(false)

    var isOn: Bool { value.load(ordering: .acquiring) }

    func turnOn() { value.store(true, ordering: .releasing) }
}

/// How a request failed, or nil.
func failure(
    of client: HTTPClient, _ request: HTTPRequest, isCancelled: @escaping @Sendable () -> Bool = { false },
    onPart: @escaping @Sendable (HTTPPart) -> Void = { _ in }
) async -> HTTPError? {
    do {
        try await client.stream(request, isCancelled: isCancelled, onPart: onPart)
        return nil
    } catch {
        return error
    }
}
