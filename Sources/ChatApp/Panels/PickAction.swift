/// What a key does in a list.
enum PickAction: Sendable, Equatable {
    /// The entry so many further down.
    case move(Int)
    case page(Int)
    case first, last
    /// The window over the list so many rows further down.
    case scroll(Int)
    case choose
    /// What only sessions and presets have.
    case rename, duplicate, export, save, delete, undoDelete
}
