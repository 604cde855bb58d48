/// A model as lists show it. Sizes are in bytes, lengths in tokens; nil if the provider does not know.
public struct ModelInfo: Sendable, Equatable, Identifiable {
    public var reference: ModelReference
    /// The file's path, for models that are files.
    public var path: String?
    /// Path of the LoRA adapter that changes the model, as in Ollama's store.
    public var adapter: String?
    /// Where the file was found; nil for models of services.
    public var store: ModelStore?
    public var architecture: String?
    public var format: String?
    public var parameters: Int?
    /// Parameters that a token uses, if they are fewer than all (mixture of experts, per-layer embeddings).
    public var activeParameters: Int?
    public var fileBytes: Int?
    /// Bytes of weights that are read to compute a token.
    public var activeBytes: Int?
    public var contextLength: Int?
    /// The memory that running it needs.
    public var memory: MemoryNeed?
    /// Whether the file has a chat template; base models have none.
    public var hasTemplate: Bool?
    /// The license that the file names.
    public var license: String?
    /// Whether its template can turn thinking on and off.
    public var hasThinkingSwitch: Bool?
    /// What a service charges; nil if it is not known or nothing.
    public var price: Price?
    /// Whether a service has it in memory; nil if that is not known or means nothing.
    public var isLoaded: Bool?
    /// What its store keeps for conversations with it.
    public var defaults: ModelDefaults?
    /// What the user should know about it, one line each, such as that Ollama's own template is not used.
    public var notes: [String] = []
    /// Why the model cannot be used, in one line; nil if it can.
    public var problem: String?

    public var id: ModelReference { reference }

    /// Memory in bytes, as predicted before a model is loaded.
    public struct MemoryNeed: Sendable, Equatable {
        /// Weights, the full KV cache and buffers together.
        public var byteCount: Int
        /// The context size that the cache is for, in tokens.
        public var contextLength: Int
        /// The computer's memory.
        public var available: Int
        /// What must be in memory at all times. The rest are weights, which can be read from the file again and again.
        public var residentBytes: Int
        /// Weights in use that do not fit; 0 if all do.
        public var missingBytes = 0
        /// Bytes that are then read from the disk for a token, on average.
        public var diskBytesPerToken = 0

        /// - Parameter residentBytes: nil for all of it.
        public init(byteCount: Int, contextLength: Int, available: Int, residentBytes: Int? = nil) {
            self.byteCount = byteCount
            self.contextLength = contextLength
            self.available = available
            self.residentBytes = residentBytes ?? byteCount
        }

        /// Whether the model cannot run at all with this memory.
        public var isTooLarge: Bool { residentBytes > available }
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
