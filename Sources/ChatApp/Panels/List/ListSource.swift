import TUI

/// What a list panel lists.
struct ListSource: Sendable {
    let kind: PanelKind
    let title: String
    /// Shown if the list is empty.
    let empty: String
    /// What Enter does, in a word.
    let verb: String
    var shape = PanelLayout.Shape.middle
    /// Whether details of the selected entry are shown next to the list if there is room.
    var hasPreview = true
    /// Whether titles and details are in columns, rather than at the left and right edge.
    var isTable = false
    /// Of the entries' cells.
    var cellAlignments: [CellColumns.Alignment] = []
    /// Printed in plain mode in place of the entries.
    var plainText: (@Sendable () -> String)?
    /// More entries for a filter, in addition to the listed ones that match it.
    var findMore: (@Sendable (_ state: AppState, _ listed: [ListEntry], _ filter: String) -> [ListEntry])?
    /// What a new filter asks the runtime for.
    var search: (@Sendable (_ state: inout AppState, _ filter: String) -> [Effect])?
    let entries: @Sendable (AppState) -> [ListEntry]
}
