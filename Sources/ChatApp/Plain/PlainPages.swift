import Chat

/// What plain mode shows in place of panels: a panel is printed when it has all it shows, and closed. The printed page
/// stays as it is until the next line, which can answer it, so that numbers mean what was printed.
struct PlainPages: Sendable {
    enum Page: Sendable {
        /// A text, or choices with numbers.
        case panel(PlainPanel)
        /// A question for the new value of a setting.
        case value(SettingRow)
    }

    private(set) var page: Page?
    /// Pages shown so far.
    private(set) var count = 0

    /// Whether the next line can answer the page.
    var isAsking: Bool {
        switch page {
        case .panel(let panel): panel.choices?.isEmpty == false
        case .value: true
        case nil: false
        }
    }

    mutating func show(_ page: Page) {
        self.page = page
        count += 1
    }

    mutating func close() { page = nil }
}

extension AppState {
    /// In plain mode: makes a page of the open panel, once everything it shows has arrived.
    mutating func showPanelAsPage() {
        guard screen.plain != nil, awaited.isEmpty, let page = screen.panels.top?.plainLines(self) else { return }
        screen.plain?.show(.panel(page))
        screen.panels.removeAll()
    }

    /// Chooses from the page by number, from 0.
    mutating func chooseFromPage(_ number: Int) -> [Effect] {
        guard case .panel(let panel)? = screen.plain?.page, let choices = panel.choices,
            choices.indices.contains(number)
        else { return [] }
        screen.notices.dismissAll()
        screen.isQuitting = false
        switch choices[number].result {
        case .choose(let choice):
            screen.plain?.close()
            return choose(choice)
        case .refuse(let reason): notify(.warning, reason)
        case .change(let row): screen.plain?.show(.value(row))
        case .ask(let question):
            let panel = question(self)
            screen.plain?.show(.panel(panel))
        }
        return []
    }

    /// Closes everything that is over the input: panels, pages, the search and the selection. Notices have been read.
    mutating func returnToInput() {
        screen.panels.removeAll()
        screen.plain?.close()
        screen.notices.dismissAll()
        composer.completion = nil
        composer.historySearch = nil
        deselect()
    }
}
