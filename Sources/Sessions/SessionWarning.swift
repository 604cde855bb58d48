/// Something in a file that could not be read; the rest was.
public struct SessionWarning: Sendable, Equatable, CustomStringConvertible {
    /// The place in the file, such as "messages[3].role".
    public var field: String
    /// What is wrong and how it was handled.
    public var problem: String

    public var description: String { "\(field): \(problem)" }

    public init(_ field: String, _ problem: String) {
        self.field = field
        self.problem = problem
    }
}
