/// Whether a model that can think before it answers should do so.
public enum Thinking: String, Sendable, CaseIterable {
    /// The default of the model's template.
    case auto
    case on, off
}
