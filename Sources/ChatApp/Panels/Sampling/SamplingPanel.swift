import Chat
import Replies
import Sampling
import TUI

/// The settings, which can be changed in place from the next token on, and what they do to that token.
struct SamplingPanel: Panel {
    /// A row of `SettingTable`.
    private(set) var selected = 0
    private var window = RowWindow()
    var details: ReadingWindow?
    /// The value being typed; nil if there is none.
    private(set) var entry: String?
    /// Why the last value was refused.
    private(set) var complaint: String?

    /// Which token to show; nil while the running reply decides that.
    private var position: TokenPosition?
    private(set) var snapshot: Snapshot?
    /// Why the engine could not be asked.
    private(set) var problem: String?

    /// The probabilities of a next token, and what the sampler chain does to them.
    struct Snapshot: Sendable {
        var origin: NextTokenOrigin
        var next: NextToken
        /// The settings that `trace` was computed with.
        var settings: SamplingSettings
        var trace: ChainTrace
    }

    /// The number of candidates shown.
    static let rows = 12
    private static let settingsPerPage = 8
    /// Characters of a typed value.
    private static let longestEntry = 4096

    var kind: PanelKind { .sampling }

    var row: SettingRow { SettingTable.rows[max(0, min(selected, SettingTable.rows.count - 1))] }

    /// The first line on the screen.
    func top(height: Int) -> Int {
        window.top(SamplingLayout.position(of: selected).upperBound, count: SamplingLayout.lines.count, height: height)
    }

    func layout(_ state: AppState) -> SamplingLayout {
        let size = state.screen.size
        return SamplingLayout(
            size, noteHeight: note(state, width: PanelLayout(size).rows.width).count,
            hasToken: state.session.reply != nil || state.session.record.conversation.head != nil)
    }

    /// Selects the setting with this index, or the nearest, and scrolls to it.
    private mutating func select(_ index: Int, height: Int) {
        let before = SamplingLayout.position(of: selected).upperBound
        selected = max(0, min(index, SettingTable.rows.count - 1))
        window.follow(
            from: before, to: SamplingLayout.position(of: selected), count: SamplingLayout.lines.count, height: height)
        entry = nil
        complaint = nil
        if details != nil { details = ReadingWindow() }
    }

    /// Scrolls; the selected setting stays on the screen.
    private mutating func scroll(_ lines: Int, height: Int) {
        let line = SamplingLayout.position(of: selected).upperBound
        let shown = window.scroll(lines, line, count: SamplingLayout.lines.count, height: height)
        if !shown.contains(line) {
            selected = SamplingLayout.setting(on: line, in: shown) ?? selected
            entry = nil
        }
    }

    // MARK: Keys and mouse

    enum Action: Hashable, Sendable {
        /// Changes the value by that many steps.
        case nudge(Int)
        case reset, resetAll
        /// Deletes the last character of the typed value, or all of it.
        case shorten, discard
        /// Applies the typed value; if none is typed, starts with the current one.
        case enter
        /// Shows the token that many tokens further on in the reply.
        case shiftToken(Int)
    }

    private static func isChange(_ action: Action) -> Bool {
        switch action {
        case .nudge, .enter: true
        case .reset, .resetAll, .shorten, .discard, .shiftToken: false
        }
    }

    mutating func handle(_ action: Action, in state: inout AppState) -> [Effect] {
        var effects: [Effect] = []
        if entry != nil {
            switch action {
            case .shorten, .shiftToken: break
            case .discard, .reset, .resetAll: entry = nil
            case .enter, .nudge:
                guard let applied = applyEntry(in: &state) else { return [] }
                if action == .enter { return applied }
                effects = applied
            }
        }
        complaint = nil
        let (row, problem) = state.availability(of: row)
        if let problem, Self.isChange(action) {
            complaint = "\(row.command) is \(problem)"
            return effects
        }
        var settings = state.session.record.settings
        switch action {
        case .nudge(let steps): row.nudge(&settings, by: steps)
        case .reset: try? row.set(row.value(in: state.presetSettings), in: &settings)
        case .resetAll: settings = state.presetSettings
        case .shorten: entry = entry.map { String($0.dropLast()) }
        case .discard: break
        case .enter: if self.problem == nil { entry = row.text(in: settings) } else { self.problem = nil }
        case .shiftToken(let step): position = self.position(movedBy: step, in: state)
        }
        return effects + change(to: settings, in: &state)
    }

    /// Moves to another setting; a typed value is applied first, unless it is refused.
    mutating func move(_ move: PanelMove, in state: inout AppState) -> [Effect] {
        guard let effects = applyEntry(in: &state) else { return [] }
        complaint = nil
        let height = layout(state).settings.height
        switch move {
        case .row(let step): select(selected + step, height: height)
        case .page(let pages): select(selected + pages * Self.settingsPerPage, height: height)
        case .first: select(0, height: height)
        case .last: select(SettingTable.rows.count - 1, height: height)
        case .scroll(let lines): scroll(lines, height: height)
        }
        return effects
    }

    /// A click selects a setting, and a click on the selected one starts a value.
    mutating func click(at point: Point, in state: inout AppState) -> [Effect] {
        let area = layout(state).settings
        let line = top(height: area.height) + point.y - area.y
        guard area.contains(point), let setting = SamplingLayout.setting(on: line, in: line..<line + 1) else {
            return []
        }
        if setting == selected { return entry == nil ? handle(.enter, in: &state) : [] }
        guard let effects = applyEntry(in: &state) else { return [] }
        select(setting, height: area.height)
        return effects
    }

    /// Typing gives the selected setting a value.
    mutating func insert(_ text: String, in state: inout AppState) -> [Effect] {
        complaint = nil
        entry = String(((entry ?? "") + text.prefix(Self.longestEntry)).prefix(Self.longestEntry))
        return []
    }

    var isEntering: Bool { entry != nil }

    mutating func cancelEntry() {
        entry = nil
        complaint = nil
    }

    /// Gives the selected setting the typed value. An empty value changes nothing.
    ///
    /// - Returns: nil if the value is refused; it can be corrected then.
    private mutating func applyEntry(in state: inout AppState) -> [Effect]? {
        guard let entry else { return [] }
        var settings = state.session.record.settings
        let (row, problem) = state.availability(of: row)
        do {
            if let problem { throw CommandError("\(row.command) is \(problem)") }
            if !entry.isEmpty { try row.set(row.parse(entry), in: &settings) }
        } catch {
            complaint = "\(error)"
            // Details begin with the complaint.
            if details != nil { details = ReadingWindow() }
            return nil
        }
        cancelEntry()
        return change(to: settings, in: &state)
    }

    private func change(to settings: GenerationSettings, in state: inout AppState) -> [Effect] {
        settings == state.session.record.settings ? [] : state.changeSettings(settings)
    }

    // MARK: The next token

    var watchesNextToken: Bool { true }

    func inquiry(_ state: AppState) -> Inquiry? {
        guard problem == nil, let position, snapshot?.origin != .position(position) else { return nil }
        return Inquiry(aim: .nextToken, position: position)
    }

    mutating func show(_ finding: Finding, in state: AppState) {
        switch finding {
        case .problem(let reason): problem = reason
        case .nextToken(var next, let origin):
            if origin == .streamed { position = nil }
            let settings = state.session.record.settings.sampling
            let trace = next.trace(settings, rows: Self.rows)
            snapshot = Snapshot(origin: origin, next: next, settings: settings, trace: trace)
        }
    }

    /// Follows changed settings, and looks for a token to show.
    mutating func refresh(_ state: AppState, after event: AppEvent) {
        if let snapshot, snapshot.settings != state.session.record.settings.sampling {
            show(.nextToken(snapshot.next, snapshot.origin), in: state)
        } else if snapshot == nil, position == nil, state.session.reply == nil {
            position = Self.nextPosition(in: state)
        }
    }

    /// Where a reply would continue. After one that the model has ended nothing of interest follows, so its first token.
    private static func nextPosition(in state: AppState) -> TokenPosition? {
        guard let last = state.session.record.conversation.path.last else { return nil }
        let isEnded = last.role == .assistant && last.origin?.stats?.stop == .endOfTurn
        return TokenPosition(message: last.id, tokens: isEnded ? 0 : nil)
    }

    /// Another token of the last reply; if its tokens are not known, its beginning or its end.
    private func position(movedBy step: Int, in state: AppState) -> TokenPosition? {
        guard state.session.reply == nil, let last = state.session.record.conversation.path.last,
            last.role == .assistant
        else { return position }
        guard let count = state.session.tokens[last.id]?.written.count else {
            return TokenPosition(message: last.id, tokens: step < 0 ? 0 : nil)
        }
        let now = position.map { $0.tokens ?? count } ?? count
        return TokenPosition(message: last.id, tokens: max(0, min(now + step, count)))
    }

    // MARK: Plain mode

    func plainLines(_ state: AppState) -> PlainPanel? {
        PlainPanel(
            title: "Settings",
            choices: SettingTable.rows.map { row in
                let value = row.text(in: state.session.record.settings)
                return PlainChoice(
                    line: "\(row.command): \(value)\(state.missingRequirement(of: row)), \(row.summary)",
                    names: [row.command] + row.aliases, result: .change(row))
            })
    }
}
