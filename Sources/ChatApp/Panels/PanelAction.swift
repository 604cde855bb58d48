/// Moving around in a panel, in the same way in all of them.
enum PanelMove: Hashable, Sendable {
    /// To the row that many rows further down: selects it, or scrolls by it in a text.
    case row(Int)
    case page(Int)
    case first, last
    /// Scrolls by that many lines. Only if the selected row would leave the screen, another one is selected.
    case scroll(Int)

    /// How a text is scrolled by it; nil for moves that select another row.
    var scrollStep: ScrollStep? {
        switch self {
        case .row: nil
        case .page(let pages): .page(pages)
        case .scroll(let lines): .lines(lines)
        case .first: .top
        case .last: .bottom
        }
    }
}

/// An action of one of the panels, whichever it is, so that one key map can have the keys of all.
struct PanelAction: Hashable, Sendable {
    let base: any Hashable & Sendable

    init(_ action: some Hashable & Sendable) { base = action }

    static func == (a: PanelAction, b: PanelAction) -> Bool { AnyHashable(a.base) == AnyHashable(b.base) }

    func hash(into hasher: inout Hasher) { base.hash(into: &hasher) }
}
