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

    /// What it does while details are read; nil for what does the same there.
    var readingStep: ScrollStep? {
        switch self {
        case .page(let pages): .page(pages)
        case .scroll(let rows): .lines(rows)
        case .first: .top
        case .last: .bottom
        case .move, .choose, .rename, .duplicate, .export, .save, .delete, .undoDelete: nil
        }
    }
}
