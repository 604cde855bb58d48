import TUI

/// The widths of a table's columns: what their texts need, as far as there is room.
struct ListColumns: Sendable {
    private let kinds: Widths
    private let titles: Widths
    private let details: Widths

    /// What the texts of a column need.
    private struct Widths {
        /// The widest text, and the widest of the narrowest 95 %.
        let all: Int, most: Int

        init(_ texts: [String]) {
            let sorted = texts.map { DisplayWidth.of(Sanitizer.visible($0)) }.sorted()
            all = sorted.last ?? 0
            most = sorted.isEmpty ? 0 : sorted[(sorted.count - 1) * 19 / 20]
        }
    }

    init(_ entries: [ListEntry]) {
        kinds = Widths(entries.map { $0.kind ?? "" })
        titles = Widths(entries.map(\.title))
        details = Widths(entries.map(Self.details))
    }

    /// What the title needs with its suffix.
    static func titleWidth(of entry: ListEntry) -> Int {
        let text = entry.suffix.isEmpty ? entry.title : "\(entry.title) \(entry.suffix)"
        return DisplayWidth.of(Sanitizer.visible(text))
    }

    static func details(of entry: ListEntry) -> String { entry.details.joined(separator: " · ") }

    /// The widths of kind, title and details, with the space after each; 0 for those without room.
    ///
    /// - Parameter hasPreview: whether a preview shows the details of the selected entry.
    func widths(in width: Int, hasPreview: Bool) -> (kind: Int, title: Int, details: Int) {
        let kind = width >= Self.widthWithKind ? min(kinds.all, max(Self.longestKind, width / 5)) + 2 : 0
        let room = width - kind
        guard room >= (hasPreview ? Self.widthWithBoth : Self.widthWithDetails) else { return (kind, room, 0) }
        let share = hasPreview ? room * 3 / 5 : room * 9 / 20
        let title = min(titles.all + 2, max(room - details.most, room * 3 / 10, min(titles.most + 2, share)))
        return (kind, title, room - title)
    }

    private static let longestKind = 12
    private static let widthWithKind = 38
    private static let widthWithBoth = 40
    static let widthWithDetails = 28
}
