import ChatApp
import Synchronization

/// Events from other threads for the chat's thread.
final class Mailbox: Sendable {
    private let waiting = Mutex<[AppEvent]>([])
    private let pipe: WakePipe

    init(waking pipe: WakePipe) { self.pipe = pipe }

    func post(_ event: AppEvent) {
        let isFirst = waiting.withLock { events in
            events.append(event)
            return events.count == 1
        }
        if isFirst { pipe.wake() }
    }

    /// Removes and returns all posted events, in order.
    func drain() -> [AppEvent] {
        waiting.withLock { events in
            defer { events = [] }
            return events
        }
    }
}
