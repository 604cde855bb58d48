import Replies

/// Something that runs models: the local engine, or a server behind an API. The chat treats all alike.
public protocol Provider: Sendable {
    /// The registry id, such as "local".
    var id: String { get }
    /// The models that the user can choose.
    func models() async throws -> [ModelInfo]
    /// Generates one reply and returns after `finished`. The request's cancellation stops it within one layer of a
    /// prefill batch or one token; it then still ends with `finished`, and the text so far is kept. Cancelling the task
    /// stops it too.
    ///
    /// - Parameter onEvent: called with every event in order, one call at a time, on the thread that generates the
    ///   reply, because a token must not cost a wake-up of another thread. Generation waits for it, so it should only
    ///   store the event.
    func reply(to request: ReplyRequest, onEvent: @escaping @Sendable (ReplyEvent) -> Void) async throws
    /// Computes probabilities without generating a reply; ends with the answer, or without one if it is cancelled.
    func inspect(_ aim: InspectionAim, _ request: ReplyRequest) -> AsyncThrowingStream<InspectionEvent, any Error>
}

/// What a provider needs to generate one reply.
public struct ReplyRequest: Sendable {
    public var model: ModelReference
    /// The system prompt; nil for the default of the model's template.
    public var system: String?
    /// The shown branch from the first message to the one to reply to. A last message by the assistant is continued.
    public var messages: [Message]
    /// The tokens of the last message, if it is the assistant's and they are known. The reply then continues exactly
    /// these, not its text, which might be tokenized differently.
    public var continued: [Int32]?
    /// Read before every token, so that a change takes effect in the middle of a reply.
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
