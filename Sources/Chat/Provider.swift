import Replies

/// Something that runs models: the local engine, or a service behind an API. The chat treats all alike, and asks for
/// what only some can do by the protocols below.
public protocol Provider: Sendable {
    var profile: ProviderProfile { get }
    /// The models that the user can choose.
    func models() async throws -> [ModelInfo]
    /// Generates one reply and returns after `finished`. The request's cancellation stops it soon (the local engine:
    /// within one layer of a prefill batch or one token); it then still ends with `finished`, and the text so far is
    /// kept. Cancelling the task stops it too.
    ///
    /// - Parameter onEvent: called with every event in order, one call at a time, on the thread that produces the
    ///   reply, because a token must not cost a wake-up of another thread. Generation waits for it, so it should only
    ///   store the event.
    func reply(to request: ReplyRequest, onEvent: @escaping @Sendable (ReplyEvent) -> Void) async throws
}

/// Computes probabilities without generating a reply.
public protocol Inspecting: Provider {
    /// Ends with the answer, or without one if it is cancelled.
    func inspect(_ aim: InspectionAim, _ request: ReplyRequest) -> AsyncThrowingStream<InspectionEvent, any Error>
}

/// Counts tokens before a message is sent.
public protocol TokenCounting: Provider {
    /// The number of tokens in a text (nil if unknown), and the context size. Does not wait for a running reply.
    func tokenCount(
        of text: String, for model: ModelReference, contextLength: Int
    ) async throws -> (tokens: Int?, limit: Int)
    /// The number of tokens in the prompt of a conversation before its next message; nil if unknown.
    func tokenCount(
        of messages: [Message], system: String?, for model: ModelReference, contextLength: Int
    ) async throws -> Int?
}

/// Keeps models in memory.
public protocol ModelResidency: Provider {
    /// Loads a model ahead of its first reply.
    func load(_ model: ModelReference, settings: GenerationSettings) async throws
    /// Releases a model's memory. Returns false if it had none. A running reply is still completed.
    func unload(_ model: ModelReference) async throws -> Bool
}

/// Shows what a model reads, and its terms.
public protocol Describing: Provider {
    /// The source of the model's chat template.
    func template(of model: ModelReference) async throws -> String
    /// The text of the prompt for a conversation.
    func prompt(
        of model: ModelReference, system: String?, messages: [Message], settings: GenerationSettings
    ) async throws -> PromptText
    /// The number of tokens in the prompt for a conversation, whether it fits or not, and the context size.
    func promptLength(
        of model: ModelReference, system: String?, messages: [Message], settings: GenerationSettings
    ) async throws -> (tokens: Int, limit: Int)
    func license(of model: ModelReference) async throws -> String
}

/// A prompt as a model reads it.
public struct PromptText: Sendable, Equatable {
    public var text: String
    /// What was done to the conversation so that it could be written, one line each.
    public var remarks: [String]

    public init(text: String, remarks: [String] = []) {
        self.text = text
        self.remarks = remarks
    }
}

/// Uses another chat template than a model's own.
public protocol TemplateChoosing: Provider {
    /// Remembers the template for the model, after trying it out.
    ///
    /// - Parameter path: an absolute path; nil for the model's own template.
    func chooseTemplate(_ path: String?, for model: ModelReference) async throws
}

/// Identifies the file behind a model's name.
public protocol Fingerprinting: Provider {
    /// The model with the fingerprint of its file as it is now; nil if it cannot be read. May take seconds.
    func identified(_ model: ModelReference) async -> ModelReference?
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
    /// Read before every token, so that a change takes effect in the middle of a reply. Services read them once.
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
