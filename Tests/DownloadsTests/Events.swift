import Chat
import Synchronization

/// What a pull reports.
final class Events: Sendable {
    private let events = Mutex<[PullEvent]>([])

    var add: @Sendable (PullEvent) -> Void { { event in self.events.withLock { $0.append(event) } } }

    var plan: PullPlan? {
        for case .planned(let plan) in events.withLock({ $0 }) { return plan }
        return nil
    }

    var progress: [(bytes: Int, total: Int?)] {
        events.withLock { $0 }.compactMap { event in
            guard case .progress(let bytes, let total) = event else { return nil }
            return (bytes, total)
        }
    }
}
