import TUI

/// What keys do: what the key map says; any other key is text.
extension AppState {
    mutating func performKey(_ key: Key) -> [Effect] {
        screen.noticesBeforeKey = screen.notices.total
        let wasQuitting = screen.isQuitting
        screen.isQuitting = false
        // Esc does nothing else than dismiss this notice.
        if wasQuitting, key != .escape { screen.notices.withdraw(.quitting) }
        composer.sendsWhenModelComes = false
        composer.draft.isSending = false
        if case .click(let point) = key { return handleClick(at: point) }
        // Terminals send Alt as Esc and the key. A chord without a meaning was Esc, followed quickly by the key.
        if case .alt(let second) = key, !hasMeaning(key) { return performKey(.escape) + performKey(second) }
        let context = keyContext
        if let action = KeyMap.action(for: key, in: context) { return runKeyAction(action, wasQuitting: wasQuitting) }
        if !screen.panels.isEmpty { return typeIntoPanel(key) }
        switch (context, key) {
        case (.input, .paste(let text)): composer.input.insert(text)
        case (_, .character(let character)) where editsLine: return editLine { $0.insert(String(character)) }
        case (_, .paste(let text)) where editsLine: return editLine { $0.insert(String(text.prefix { !$0.isNewline })) }
        case (.completion, _):
            composer.completion = nil
            return performKey(key)
        case (.message, _):
            // Text and editing keys belong to the input.
            if !isTyping(key) { return [] }
            deselect()
            return performKey(key)
        case (.history, _): return performKeyInHistorySearch(key)
        default: break
        }
        return []
    }

    /// Whether a line is being edited that characters go to.
    private var editsLine: Bool { keyContext.hasLine }

    /// Changes the line that is being edited.
    private mutating func editLine(_ change: (inout TextEditor) -> Void) -> [Effect] {
        if !screen.panels.isEmpty { return editInPanel(change) }
        if keyContext == .search { editSearchField(change) } else { change(&composer.input) }
        return []
    }

    /// Where keys go now.
    var keyContext: KeyContext {
        if let panel = screen.panels.top { return panel.context }
        if composer.completion != nil { return .completion }
        if reading.search?.isTyping == true { return .search }
        if reading.selection != nil { return .message }
        return composer.historySearch == nil ? .input : .history
    }

    /// Whether it is text, or does something in the input.
    private func isTyping(_ key: Key) -> Bool {
        switch key {
        case .character, .paste: true
        default: KeyMap.action(for: key, in: .input) != nil
        }
    }

    /// Whether a key does something here, also by closing the completion or the history search, after which it does
    /// what it does in the input.
    private func hasMeaning(_ key: Key) -> Bool {
        KeyMap.action(for: key, in: keyContext) != nil
            || [.completion, .history].contains(keyContext) && KeyMap.action(for: key, in: .input) != nil
    }

    mutating func runKeyAction(_ action: KeyAction, wasQuitting: Bool) -> [Effect] {
        switch action {
        case .edit(let command): return editLine { $0.perform(command) }
        case .send: return submitInput()
        case .complete(let step): return complete(step)
        case .inCompletion(let action): return runCompletionAction(action)
        case .click: break
        case .detach: detachLastFile()
        case .rowUp: moveRow(-1)
        case .rowDown: moveRow(1)
        case .scroll(let step): scroll(step)
        case .select(let step): moveSelection(step)
        case .deselect: deselect()
        case .search(let action): return runSearchAction(action)
        case .toggleSource: toggleSource()
        case .onMessage(let action): return runMessageAction(action)
        case .history(let action): runHistoryAction(action)
        case .editOutside: return [.editDraft(composer.input.text)]
        case .toggleReasoning: toggleLatestReasoning()
        case .open(let kind): return togglePanel(kind)
        case .closePanel: leavePanel()
        case .movePanel(let move): return movePanel(move)
        case .toggleDetails: toggleDetails()
        case .panel(let action): return performPanelAction(action)
        case .redraw: return [.redraw]
        case .toggleProbabilities: toggleProbabilities()
        case .escape:
            if session.reply != nil { return stopReply() }
            if library.pull != nil { return stopPull() }
            if composer.edit != nil { composer.cancelEdit() } else { readNotice() }
        case .interrupt: return interrupt(wasQuitting: wasQuitting)
        case .deleteOrQuit:
            if composer.input.isEmpty { return quit() }
            composer.input.perform(.deleteForward)
        case .home: composer.input.isEmpty ? scroll(.top) : composer.input.perform(.lineStart)
        case .end: composer.input.isEmpty ? scroll(.bottom) : composer.input.perform(.lineEnd)
        }
        return []
    }

    /// Moves the cursor; on the first and last line, goes through the history.
    private mutating func moveRow(_ rows: Int) {
        if composer.input.moveVertically(rows, width: ScreenLayout(self).input.width) { return }
        let text = composer.input.text
        if let entry = rows < 0 ? composer.history.older(than: text) : composer.history.newer(than: text) {
            composer.input.setText(entry)
        }
    }

    /// Ctrl-C: stops what is running, else empties the input; pressed again, quits.
    private mutating func interrupt(wasQuitting: Bool) -> [Effect] {
        if session.reply != nil { return stopReply() }
        if wasQuitting { return quit() }
        if library.pull != nil { return stopPull() }
        if !composer.input.isEmpty {
            // Undo brings it back, and so does Up.
            composer.history.add(composer.input.text)
            composer.input.setText("")
        }
        screen.isQuitting = true
        let saved = session.unsaved == nil ? " (session saved)" : ""
        notify(.info, "Press Ctrl-C again to quit\(saved)", about: .quitting)
        return []
    }
}
