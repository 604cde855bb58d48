import Chat
import Replies
import Sampling
import TUI

/// Something that opens over the conversation and gets the keys: a list, a text, the sampling settings.
///
/// To add a panel, write a conforming type and its `PanelKind` in a file of its own and add the kind to
/// `PanelKind.all`. Most requirements have a default. The methods that act get the whole state; while one of them
/// runs, `screen.panels` still has the panel as it was before (see `AppState.withTopPanel`).
protocol Panel: Sendable {
    /// What the panel's own keys do. Keys that only move around need no action: see `PanelMove`.
    associatedtype Action: Hashable & Sendable = Never

    /// Its row in `PanelKind.all`.
    var kind: PanelKind { get }
    /// Which keys apply now.
    var context: KeyContext { get }

    // MARK: Keys and mouse

    mutating func handle(_ action: Action, in state: inout AppState) -> [Effect]
    mutating func move(_ move: PanelMove, in state: inout AppState) -> [Effect]
    /// Changes the line that the user is typing, such as a filter.
    mutating func edit(_ change: (inout TextEditor) -> Void, in state: inout AppState) -> [Effect]
    /// Adds typed or pasted text, which has no line breaks.
    mutating func insert(_ text: String, in state: inout AppState) -> [Effect]
    /// Handles a click inside the frame, but not on the line at the bottom, whose keys any panel handles alike.
    mutating func click(at point: Point, in state: inout AppState) -> [Effect]
    /// Whether the user is typing a value or an answer, which Esc discards before it closes the panel.
    var isEntering: Bool { get }
    mutating func cancelEntry()

    // MARK: Screen

    /// The panel's position and size; nil for a panel that covers the whole screen.
    var shape: PanelLayout.Shape? { get }
    /// What is inside the frame; nil for a panel without a frame, which draws itself.
    func content(_ state: AppState) -> PanelContent?
    func draw(_ state: AppState, on surface: inout Surface)
    /// The scroll position in the details of the selected row; nil while the rows are shown, and always if there are no
    /// details.
    var details: ReadingWindow? { get set }
    /// All details of the selected row, from the beginning, for lines of this width.
    func detailContent(_ state: AppState, width: Int) -> PanelContent?

    // MARK: Following the state

    /// Adapts to what an event has changed, also while another panel is on top.
    mutating func refresh(_ state: AppState, after event: AppEvent)
    /// The theme to show instead of the chosen one.
    var previewedTheme: String? { get }
    /// The session whose messages are shown, so that they can be read from disk.
    func previewedSession(_ state: AppState) -> SessionSummary?

    // MARK: The engine

    /// What the engine should find out for the panel.
    func inquiry(_ state: AppState) -> Inquiry?
    /// Whether the engine should report the next token of a running reply.
    var watchesNextToken: Bool { get }
    /// Shows what the engine has found out.
    mutating func show(_ finding: Finding, in state: AppState)

    // MARK: Plain mode

    /// The panel in plain mode; nil while what it shows is still being computed.
    func plainLines(_ state: AppState) -> PlainPanel?
}

extension Panel {
    var context: KeyContext { kind.context }

    func move(_ move: PanelMove, in state: inout AppState) -> [Effect] { [] }
    func edit(_ change: (inout TextEditor) -> Void, in state: inout AppState) -> [Effect] { [] }
    mutating func insert(_ text: String, in state: inout AppState) -> [Effect] {
        edit({ $0.insert(text) }, in: &state)
    }
    func click(at point: Point, in state: inout AppState) -> [Effect] { [] }
    var isEntering: Bool { false }
    func cancelEntry() {}

    var shape: PanelLayout.Shape? { .middle }
    func draw(_ state: AppState, on surface: inout Surface) {
        guard let layout = layout(state.screen.size), let content = visibleContent(state) else { return }
        PanelView.draw(content, layout, state, on: &surface)
    }
    var details: ReadingWindow? {
        get { nil }
        set {}
    }
    func detailContent(_ state: AppState, width: Int) -> PanelContent? { nil }

    func refresh(_ state: AppState, after event: AppEvent) {}
    var previewedTheme: String? { nil }
    func previewedSession(_ state: AppState) -> SessionSummary? { nil }

    func inquiry(_ state: AppState) -> Inquiry? { nil }
    var watchesNextToken: Bool { false }
    func show(_ finding: Finding, in state: AppState) {}
}

extension Panel where Action == Never {
    func handle(_ action: Never, in state: inout AppState) -> [Effect] {}
}

extension Panel {
    /// nil for a panel that covers the whole screen.
    func layout(_ size: Size) -> PanelLayout? { shape.map { PanelLayout(size, $0) } }

    /// The details while they are open, else the rows.
    func visibleContent(_ state: AppState) -> PanelContent? {
        guard let details, let area = layout(state.screen.size)?.rows,
            var content = detailContent(state, width: area.width)
        else { return content(state) }
        content.top = details.top(count: content.rows.count, height: area.height)
        return content
    }

    /// Does what a key of this panel does; nothing if the action is another panel's.
    mutating func handleOwn(_ action: PanelAction, in state: inout AppState) -> [Effect] {
        guard let action = action.base as? Action else { return [] }
        return handle(action, in: &state)
    }

    /// Scrolls the details, if they are open, by moves that do not select another row.
    ///
    /// - Returns: false if the move is the panel's own.
    mutating func scrollDetails(_ move: PanelMove, in state: AppState) -> Bool {
        guard details != nil, let step = move.scrollStep else { return false }
        guard let area = layout(state.screen.size)?.rows, let page = detailContent(state, width: area.width) else {
            return true
        }
        details?.move(step, count: page.rows.count, height: area.height)
        return true
    }
}
