import TUI

/// What key presses do: what the key map says, else they are text.
extension AppState {
    mutating func press(_ key: Key) -> [Effect] {
        screen.noticesBeforeKey = screen.notices.total
        let wasLeaving = screen.isLeaving
        screen.isLeaving = false
        // Esc dismisses it, and nothing else then.
        if wasLeaving, key != .escape { screen.notices.withdraw(Self.onceMore) }
        composer.sendsWhenModelComes = false
        composer.writing.isSending = false
        if case .click(let point) = key { return click(point) }
        // Terminals send Alt as Esc and the key. A chord without a meaning was Esc, and the key soon after it.
        if case .alt(let second) = key, !hasMeaning(key) { return press(.escape) + press(second) }
        let context = keyContext
        if let action = KeyMap.action(for: key, in: context) { return perform(action, wasLeaving: wasLeaving) }
        switch (context, key) {
        case (.input, .paste(let text)): composer.input.insert(text)
        case (_, .character(let character)) where hasLine: return write { $0.insert(String(character)) }
        case (_, .paste(let text)) where hasLine: return write { $0.insert(String(text.prefix { !$0.isNewline })) }
        case (.completion, _):
            composer.completion = nil
            return press(key)
        case (.message, _):
            // Typing goes on in the input.
            if !isTyping(key) { return [] }
            deselect()
            return press(key)
        case (.history, _): return pressInHistory(key)
        default: typeSetting(key)
        }
        return []
    }

    private static let onceMore = "Ctrl-C once more leaves"

    /// Whether a line is being written that characters go to.
    private var hasLine: Bool { KeyRow.Group.line.contexts.contains(keyContext) }

    /// Changes the line that is being written.
    private mutating func write(_ change: (inout TextEditor) -> Void) -> [Effect] {
        switch keyContext {
        case .search: searchField(change)
        case .prompt: changeAnswer(change)
        case .list, .sessionList, .presetList: return narrowList(change)
        default: change(&composer.input)
        }
        return []
    }

    /// Where keys go now.
    var keyContext: KeyContext {
        if let panel = screen.panel { return panel.context }
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

    /// Candidates and what was sent before give way to the input, whose keys do what they do there.
    private func hasMeaning(_ key: Key) -> Bool {
        KeyMap.action(for: key, in: keyContext) != nil
            || [.completion, .history].contains(keyContext) && KeyMap.action(for: key, in: .input) != nil
    }

    mutating func perform(_ action: KeyAction, wasLeaving: Bool) -> [Effect] {
        if screen.panel?.details != nil, let step = action.readingStep {
            readDetails(step)
            return []
        }
        switch action {
        case .edit(let command): return write { $0.perform(command) }
        case .send: return submit()
        case .complete(let step): return complete(step)
        case .inCompletion(let action): return perform(action)
        case .click: break
        case .answer(let action): return perform(action)
        case .detach: detachLast()
        case .rowUp: moveRow(-1)
        case .rowDown: moveRow(1)
        case .scroll(let step): scroll(step)
        case .select(let step): select(step)
        case .deselect: deselect()
        case .search(let action): return perform(action)
        case .inTree(let action): return perform(action)
        case .inComparison(let action): return perform(action)
        case .toggleSource: toggleSource()
        case .inSampling(let action): return perform(action)
        case .inTokens(let action): return perform(action)
        case .onMessage(let action): return perform(action)
        case .history(let action): perform(action)
        case .editOutside: return [.editDraft(composer.input.text)]
        case .read(let step): read(step)
        case .pick(let action): return pick(action)
        case .toggleThoughts: toggleLatestThoughts()
        case .toggleDetails: toggleDetails()
        case .open(let kind): return toggle(kind)
        case .closePanel: leavePanel()
        case .redraw: return [.redraw]
        case .toggleProbabilities: toggleProbabilities()
        case .escape:
            if session.reply != nil { return stopReply() }
            if library.download != nil { return stopDownload() }
            if composer.edit != nil { cancelEdit() } else { readNotice() }
        case .interrupt: return interrupt(wasLeaving: wasLeaving)
        case .deleteOrLeave:
            if composer.input.isEmpty { return leave() }
            composer.input.perform(.deleteForward)
        case .home: composer.input.isEmpty ? scroll(.top) : composer.input.perform(.lineStart)
        case .end: composer.input.isEmpty ? scroll(.bottom) : composer.input.perform(.lineEnd)
        }
        return []
    }

    private mutating func moveRow(_ rows: Int) {
        if composer.input.moveVertically(rows, width: ScreenLayout(self).input.width) { return }
        let text = composer.input.text
        if let entry = rows < 0 ? composer.history.older(than: text) : composer.history.newer(than: text) {
            composer.input.setText(entry)
        }
    }

    /// Sends the draft, or runs it as a command where it starts with a slash ("//" sends text that starts with one).
    mutating func submit() -> [Effect] {
        if composer.input.lines.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) {
            if !composer.attachments.isEmpty {
                notify(.info, "write something to go with what is attached")
            } else if isWithoutModel, composer.input.isEmpty, library.download == nil {
                return run("/download")
            }
            return []
        }
        return isCommand ? run(composer.input.text) : submitDraft()
    }

    private mutating func interrupt(wasLeaving: Bool) -> [Effect] {
        if session.reply != nil { return stopReply() }
        if wasLeaving { return leave() }
        if library.download != nil { return stopDownload() }
        if !composer.input.isEmpty {
            // Undo brings it back, and so does Up.
            composer.history.add(composer.input.text)
            composer.input.setText("")
        }
        screen.isLeaving = true
        notify(.info, Self.onceMore + (session.unsaved == nil ? "; the session is saved" : ""))
        return []
    }

    /// Ends the program; a half-written reply is kept.
    mutating func leave() -> [Effect] {
        holdBack() ?? leaveReply() + [.quit]
    }
}
