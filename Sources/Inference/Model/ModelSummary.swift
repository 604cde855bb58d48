/// What a model file is, in a few facts.
public struct ModelSummary: Sendable, Equatable {
    /// `general.name`, or the file's name.
    public var name: String
    public var architecture: String
    /// All weights together.
    public var parameters: Int
    public var fileBytes: Int
    /// What people call the file's mix of formats, such as "Q4_K_M".
    public var format: String
    /// Tokens the model was trained to read at once.
    public var trainedContext: Int
    public var vocabularyCount: Int
    public var layers: Int
    public var hiddenSize: Int
    public var heads: Int
    public var kvHeads: Int
}
