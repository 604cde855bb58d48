import Synchronization

/// Settings shared by the person who turns a knob and the token loop that reads it before every token.
public final class LiveSettings: Sendable {
    private let storage: Mutex<GenerationSettings>

    public init(_ settings: GenerationSettings) { storage = Mutex(settings) }

    public var current: GenerationSettings {
        get { storage.withLock { $0 } }
        set { storage.withLock { $0 = newValue } }
    }
}
