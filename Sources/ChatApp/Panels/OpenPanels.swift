import Chat
import TUI

/// Opening and closing panels, and passing keys, clicks and events on to them.
extension AppState {
    /// Opens a panel over those that are open.
    mutating func openPanel(_ kind: PanelKind) -> [Effect] {
        // Help shows the keys of where it was opened, which can be the suggestions.
        if kind != .help { composer.completion = nil }
        return kind.open(&self)
    }

    /// Opens a panel, closes it if it is on top, or goes back to it if others are above it.
    mutating func togglePanel(_ kind: PanelKind) -> [Effect] {
        if screen.panels.top?.kind == kind {
            screen.panels.pop()
            return []
        }
        return screen.panels.pop(to: kind) ? [] : openPanel(kind)
    }

    /// Esc: discards what is being typed, else closes the details, else the panel.
    mutating func leavePanel() {
        guard let panel = screen.panels.top else { return }
        if panel.isEntering {
            _ = withTopPanel { panel, _ in
                panel.cancelEntry()
                return []
            }
        } else if panel.details != nil {
            toggleDetails()
        } else {
            screen.panels.pop()
        }
    }

    /// Lets the top panel act, and keeps what it has become unless it was closed meanwhile.
    mutating func withTopPanel(_ act: (inout any Panel, inout AppState) -> [Effect]) -> [Effect] {
        guard let id = screen.panels.topID, var panel = screen.panels.top else { return [] }
        let effects = act(&panel, &self)
        screen.panels.replace(id, with: panel)
        return effects
    }

    // MARK: Keys

    mutating func performPanelAction(_ action: PanelAction) -> [Effect] {
        withTopPanel { $0.handleOwn(action, in: &$1) }
    }

    mutating func movePanel(_ move: PanelMove) -> [Effect] {
        withTopPanel { panel, state in
            panel.scrollDetails(move, in: state) ? [] : panel.move(move, in: &state)
        }
    }

    mutating func toggleDetails() {
        _ = withTopPanel { panel, _ in
            panel.details = panel.details == nil ? ReadingWindow() : nil
            return []
        }
    }

    /// Passes on a key that the key map has no action for.
    mutating func typeIntoPanel(_ key: Key) -> [Effect] {
        switch key {
        case .character(let character): withTopPanel { $0.insert(String(character), in: &$1) }
        case .paste(let text): withTopPanel { $0.insert(String(text.prefix { !$0.isNewline }), in: &$1) }
        default: []
        }
    }

    /// Changes the line that is typed in the top panel.
    mutating func editInPanel(_ change: (inout TextEditor) -> Void) -> [Effect] {
        withTopPanel { $0.edit(change, in: &$1) }
    }

    // MARK: Mouse

    /// A click while a panel is open; outside its frame it closes the panel.
    mutating func clickPanel(at point: Point) -> [Effect] {
        guard let panel = screen.panels.top else { return [] }
        if let frame = panel.layout(screen.size)?.frame {
            guard frame.contains(point) else {
                if panel.context != .prompt { screen.panels.pop() }
                return []
            }
            if point.y == frame.maxY - 1, let content = panel.visibleContent(self) {
                let width = frame.width - 6
                let key = content.footer.orNotice(self, width: width).key(at: point.x - frame.x - 3, width: width)
                return key.map { performKey($0) } ?? []
            }
            if panel.details != nil { return [] }
        }
        return withTopPanel { $0.click(at: point, in: &$1) }
    }

    // MARK: Events

    /// Brings the open panels up to date after an event, and what the top one shows of themes and sessions.
    mutating func updatePanels(after event: AppEvent) -> [Effect] {
        if !screen.panels.isEmpty {
            var panels = screen.panels
            panels.updateEach { $0.refresh(self, after: event) }
            screen.panels = panels
        }
        switch event {
        case .reply, .tick: return []
        default:
            updateTheme()
            return loadSessionPreview()
        }
    }
}
