/// A place where models run: the local engine, or a server behind an API. The chat treats all alike.
public protocol Provider: Sendable {
    /// The registry id, such as "local".
    var id: String { get }
    /// The models that can be chosen here.
    func models() async throws -> [ModelInfo]
    /// Makes one reply and returns after `finished`. The request's cancellation stops it within one layer of a prefill
    /// chunk or one token; it then still ends with `finished`, and what was written stands. Cancelling the task stops
    /// it as well.
    ///
    /// - Parameter tell: called with every event in its order, one call at a time, by the thread that makes the reply:
    ///   a token must not cost another thread a wake-up. Making tokens waits for it, so it may only put things aside.
    func reply(to request: ReplyRequest, tell: @escaping @Sendable (ReplyEvent) -> Void) async throws
    /// Looks at what a model thinks without making it say anything; ends with the answer. A cancelled one ends without.
    func inspect(_ aim: InspectionAim, _ request: ReplyRequest) -> AsyncThrowingStream<InspectionEvent, any Error>
}

/// What a provider needs to make one reply.
public struct ReplyRequest: Sendable {
    public var model: ModelReference
    /// The system prompt; nil lets the model's template put its own.
    public var system: String?
    /// The shown branch from the first message to the one to be answered. A last message by the assistant is continued.
    public var messages: [Message]
    /// The tokens of the last message where it is the assistant's and they are known: the reply goes on after exactly
    /// these, however its text would be cut into tokens.
    public var continued: [Int32]?
    /// Read again before every token, so that a change takes effect in the middle of a reply.
    public var settings: LiveSettings
    public var cancellation: Cancellation

    public init(
        model: ModelReference, system: String?, messages: [Message], continued: [Int32]? = nil,
        settings: LiveSettings, cancellation: Cancellation = Cancellation()
    ) {
        self.model = model
        self.system = system
        self.messages = messages
        self.continued = continued
        self.settings = settings
        self.cancellation = cancellation
    }
}

/// A model as the picker shows it. Sizes are bytes, lengths tokens; nil where the provider does not tell.
public struct ModelInfo: Sendable, Equatable, Identifiable {
    public var reference: ModelReference
    /// Where it lies, for models that are files.
    public var path: String?
    public var architecture: String?
    public var format: String?
    public var parameters: Int?
    public var fileBytes: Int?
    public var contextLength: Int?
    /// What running it takes of this computer.
    public var memory: MemoryNeed?
    /// Whether the file brings a chat template; base models have none.
    public var hasTemplate: Bool?
    /// The license that the file names.
    public var license: String?
    /// Whether it can be told to think before it answers, or not to.
    public var hasThinkingSwitch: Bool?
    /// Set when the model cannot be used, with the reason in one line.
    public var problem: String?

    public var id: ModelReference { reference }

    /// Memory as it can be reckoned before a model is loaded, in bytes.
    public struct MemoryNeed: Sendable, Equatable {
        /// Weights, the full cache and buffers together.
        public var byteCount: Int
        /// Tokens of the window that the cache is for.
        public var contextLength: Int
        /// What the computer has.
        public var available: Int

        public init(byteCount: Int, contextLength: Int, available: Int) {
            self.byteCount = byteCount
            self.contextLength = contextLength
            self.available = available
        }
    }

    public init(
        reference: ModelReference, path: String? = nil, architecture: String? = nil, format: String? = nil,
        parameters: Int? = nil, fileBytes: Int? = nil, contextLength: Int? = nil, problem: String? = nil
    ) {
        self.reference = reference
        self.path = path
        self.architecture = architecture
        self.format = format
        self.parameters = parameters
        self.fileBytes = fileBytes
        self.contextLength = contextLength
        self.problem = problem
    }
}
