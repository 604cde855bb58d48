import Synchronization

/// Settings shared by the person who turns a knob and the token loop that reads it before every token.
public final class LiveSettings: Sendable {
    private let storage: Mutex<GenerationSettings>
    private let watch = Atomic(false)

    public init(_ settings: GenerationSettings) { storage = Mutex(settings) }

    public var current: GenerationSettings {
        get { storage.withLock { $0 } }
        set { storage.withLock { $0 = newValue } }
    }

    /// Whether the person is looking at what the model would say next.
    public var isWatched: Bool {
        get { watch.load(ordering: .relaxed) }
        set { watch.store(newValue, ordering: .relaxed) }
    }
}
