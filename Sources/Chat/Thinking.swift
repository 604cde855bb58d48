/// Whether a model that can think before it answers is to do so.
public enum Thinking: String, Sendable, CaseIterable {
    /// As the model's template has it.
    case auto
    case on, off
}
