import Synchronization

/// Settings that the chat changes while the token loop reads them before every token.
public final class LiveSettings: Sendable {
    private let storage: Mutex<GenerationSettings>
    private let watch = Atomic(false)

    public init(_ settings: GenerationSettings) { storage = Mutex(settings) }

    public var current: GenerationSettings {
        get { storage.withLock { $0 } }
        set { storage.withLock { $0 = newValue } }
    }

    /// Whether the distribution of the next token is being shown.
    public var isWatched: Bool {
        get { watch.load(ordering: .relaxed) }
        set { watch.store(newValue, ordering: .relaxed) }
    }
}
