import Chat
import Sampling
import TUI

/// The settings, changed in place and effective from the next token, and beside them what they do to it.
struct SamplingPanel: Sendable {
    /// A row of `SettingTable`.
    private(set) var selected = 0
    private var window = RowWindow()
    /// While all that is told of the setting is read, in the place of the settings.
    var details: ReadingWindow?
    /// The value being typed; nil while none is.
    var entry: String?
    /// Why the last one was refused.
    var complaint: String?

    /// Where the next token is to be looked at; nil where that is the running reply's business.
    var place: TokenPlace?
    var moment: Moment?
    /// Why the model could not be asked.
    var problem: String?

    /// What the model would say next at some place, and what the chain makes of that.
    struct Moment: Sendable {
        enum Origin: Sendable, Equatable {
            case place(TokenPlace)
            /// Out of a reply while it is made.
            case streamed
        }

        var origin: Origin
        var next: NextToken
        /// The settings that `trace` was made with.
        var settings: SamplingSettings
        var trace: ChainTrace
    }

    /// Tokens that are shown.
    static let rows = 12
    /// Characters of a value that is typed.
    static let longestEntry = 4096

    var row: SettingRow { SettingTable.rows[max(0, min(selected, SettingTable.rows.count - 1))] }

    /// Selects a setting, the nearest there is, and brings it into sight.
    mutating func select(_ index: Int, height: Int) {
        let before = SamplingLayout.place(of: selected).upperBound
        selected = max(0, min(index, SettingTable.rows.count - 1))
        window.follow(
            from: before, to: SamplingLayout.place(of: selected), count: SamplingLayout.lines.count, height: height)
        entry = nil
        complaint = nil
        if details != nil { details = ReadingWindow() }
    }

    /// Moves the window over the settings; what is selected stays in sight.
    mutating func scroll(_ lines: Int, height: Int) {
        let place = SamplingLayout.place(of: selected).upperBound
        let shown = window.scroll(lines, place, count: SamplingLayout.lines.count, height: height)
        if !shown.contains(place) {
            selected = SamplingLayout.setting(on: place, in: shown) ?? selected
            entry = nil
        }
    }

    /// The first line in sight.
    func top(height: Int) -> Int {
        window.top(SamplingLayout.place(of: selected).upperBound, count: SamplingLayout.lines.count, height: height)
    }
}

/// What keys do to the settings.
enum SamplingAction: Sendable, Equatable {
    case move(Int), page(Int), first, last, nudge(Int), reset, resetAll
    /// The window over the settings so many lines further down.
    case scroll(Int)
    /// Takes the last character of the typed value away, or all of it.
    case shorten, discard
    /// Takes the value that was typed; else puts the one there is where it can be changed.
    case enter
    /// At the next token so many places on.
    case look(Int)
}

extension AppState {
    mutating func perform(_ action: SamplingAction) -> [Effect] {
        guard case .sampling(var panel) = self.screen.panel else { return [] }
        var effects: [Effect] = []
        if panel.entry != nil {
            switch action {
            case .shorten, .look: break
            case .discard, .reset, .resetAll: panel.entry = nil
            case .enter, .move, .page, .first, .last, .scroll, .nudge:
                guard let taken = takeTyped(), case .sampling(let left) = self.screen.panel else { return [] }
                (effects, panel) = (taken, left)
                if action == .enter { return effects }
            }
        }
        let row = panel.row
        let entry = panel.entry
        panel.complaint = nil
        var settings = session.record.settings
        let height = layout(of: panel).settings.height
        switch action {
        case .move(let step): panel.select(panel.selected + step, height: height)
        case .page(let pages): panel.select(panel.selected + pages * Self.settingsPerPage, height: height)
        case .first: panel.select(0, height: height)
        case .last: panel.select(SettingTable.rows.count - 1, height: height)
        case .scroll(let lines): panel.scroll(lines, height: height)
        case .shorten: panel.entry = entry.map { String($0.dropLast()) }
        case .discard: break
        case .nudge(let steps): row.nudge(&settings, by: steps)
        case .reset: try? row.set(row.value(in: presetSettings), in: &settings)
        case .resetAll: settings = presetSettings
        case .look(let step): panel.place = place(panel, movedBy: step)
        case .enter:
            if panel.problem != nil {
                panel.problem = nil
            } else {
                panel.entry = row.text(in: settings)
            }
        }
        self.screen.panel = .sampling(panel)
        return effects + (settings == session.record.settings ? [] : change(settings))
    }

    /// Gives the setting the value that is typed, before another is turned to. Of nothing that is typed nothing is taken.
    ///
    /// - Returns: nil where the value is refused, and still stands there.
    mutating func takeTyped() -> [Effect]? {
        guard case .sampling(var panel) = screen.panel, let entry = panel.entry else { return [] }
        var settings = session.record.settings
        do {
            if !entry.isEmpty { try panel.row.set(panel.row.parse(entry), in: &settings) }
            panel.entry = nil
            panel.complaint = nil
        } catch {
            panel.complaint = error.description
            // Where details are read, it stands before them.
            if panel.details != nil { panel.details = ReadingWindow() }
        }
        self.screen.panel = .sampling(panel)
        if panel.entry != nil { return nil }
        return settings == session.record.settings ? [] : change(settings)
    }

    var isTypingSetting: Bool {
        if case .sampling(let panel) = screen.panel { panel.entry != nil } else { false }
    }

    private static let settingsPerPage = 8

    /// Closes the panel; what is being typed is given up first, then what is told of a row.
    mutating func leavePanel() {
        if case .sampling(var panel) = screen.panel, panel.entry != nil {
            panel.entry = nil
            panel.complaint = nil
            self.screen.panel = .sampling(panel)
        } else if screen.panel?.details != nil {
            toggleDetails()
        } else {
            closePanel()
        }
    }

    /// Typing gives the chosen setting a value.
    mutating func typeSetting(_ key: Key) {
        guard case .sampling(var panel) = self.screen.panel else { return }
        let typed: String
        switch key {
        case .character(let character): typed = String(character)
        case .paste(let text): typed = String(text.prefix { !$0.isNewline }.prefix(SamplingPanel.longestEntry))
        default: return
        }
        panel.complaint = nil
        panel.entry = String(((panel.entry ?? "") + typed).prefix(SamplingPanel.longestEntry))
        self.screen.panel = .sampling(panel)
    }

    /// The settings of the preset that the session's came from; the program's own where there is none.
    var presetSettings: GenerationSettings {
        library.presets.first { $0.name == session.record.preset }?.settings ?? GenerationSettings()
    }

    // MARK: The next token

    /// Shows what the model would say, where the panel is open.
    mutating func show(_ next: NextToken, as origin: SamplingPanel.Moment.Origin) {
        guard case .sampling(var panel) = self.screen.panel else { return }
        if origin == .streamed { panel.place = nil }
        var next = next
        let settings = session.record.settings.sampling
        let trace = next.trace(settings, rows: SamplingPanel.rows)
        panel.moment = SamplingPanel.Moment(origin: origin, next: next, settings: settings, trace: trace)
        self.screen.panel = .sampling(panel)
    }

    /// Follows the settings, whatever changed them, and finds a place to look at.
    mutating func traceNextToken() {
        guard case .sampling(var panel) = self.screen.panel else { return }
        if let moment = panel.moment, moment.settings != session.record.settings.sampling {
            show(moment.next, as: moment.origin)
        } else if panel.moment == nil, panel.place == nil, session.reply == nil, let place = likelyPlace {
            panel.place = place
            self.screen.panel = .sampling(panel)
        }
    }

    /// Where a reply would go on. Behind one that the model has ended nothing of interest comes: there, its beginning.
    private var likelyPlace: TokenPlace? {
        guard let last = session.record.conversation.path.last else { return nil }
        let isEnded = last.role == .assistant && last.origin?.stats?.stop == .endOfTurn
        return TokenPlace(message: last.id, tokens: isEnded ? 0 : nil)
    }

    /// A token back or on in the last reply; where its tokens are not known, its beginning or its end.
    private func place(_ panel: SamplingPanel, movedBy step: Int) -> TokenPlace? {
        guard session.reply == nil, let last = session.record.conversation.path.last, last.role == .assistant else {
            return panel.place
        }
        guard let count = session.tokens[last.id]?.written.count else {
            return TokenPlace(message: last.id, tokens: step < 0 ? 0 : nil)
        }
        let now = panel.place.map { $0.tokens ?? count } ?? count
        return TokenPlace(message: last.id, tokens: max(0, min(now + step, count)))
    }
}
