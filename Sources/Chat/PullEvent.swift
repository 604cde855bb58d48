/// What will be fetched, known before a download starts.
public struct PullPlan: Sendable, Equatable {
    /// The whole address, such as "hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M".
    public var address: String
    /// The format of the weights as people name it, such as "Q4_K_M"; nil if it is not known.
    public var format: String?
    /// Bytes of all files together; nil if the source does not say.
    public var bytes: Int?
    /// Bytes that are already here from an earlier try.
    public var presentBytes: Int
    /// Memory that the model will need here, in bytes, estimated from its size; nil if that is not known.
    public var memoryBytes: Int?
    public var license: String?
    /// Why this file and not another, in one line, such as "Q4_K_M would need 41 GB, this computer has 24 GB".
    public var note: String?

    public init(
        address: String, format: String? = nil, bytes: Int? = nil, presentBytes: Int = 0, memoryBytes: Int? = nil,
        license: String? = nil, note: String? = nil
    ) {
        self.address = address
        self.format = format
        self.bytes = bytes
        self.presentBytes = presentBytes
        self.memoryBytes = memoryBytes
        self.license = license
        self.note = note
    }
}

/// What happens while a model is fetched.
public enum PullEvent: Sendable, Equatable {
    case planned(PullPlan)
    /// Bytes that are here, of all files together; the total is nil if the source does not say.
    case progress(bytes: Int, of: Int?)
    /// All bytes are here; their checksum is being computed.
    case checking
    /// The model is listed under this name.
    case finished(model: String)
    /// What has arrived stays, and the next try goes on from there.
    case stopped
    /// With the reason in one line.
    case failed(String)
}
