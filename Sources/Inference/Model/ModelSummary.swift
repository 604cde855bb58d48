/// The main properties of a model file.
public struct ModelSummary: Sendable, Equatable {
    /// `general.name`, or the file's name.
    public var name: String
    public var architecture: String
    /// The number of weights.
    public var parameters: Int
    public var fileBytes: Int
    /// The usual name of the file's format, such as "Q4_K_M".
    public var format: String
    /// The context length that the model was trained with.
    public var trainedContext: Int
    public var vocabularyCount: Int
    public var layers: Int
    public var hiddenSize: Int
    public var heads: Int
    public var kvHeads: Int
}
