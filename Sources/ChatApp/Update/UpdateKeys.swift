import TUI

/// What key presses do: what the key map says, else they are text.
extension AppState {
    mutating func press(_ key: Key) -> [Effect] {
        noticesBeforeKey = notices.total
        let wasLeaving = isLeaving
        isLeaving = false
        // Esc dismisses it, and nothing else then.
        if wasLeaving, key != .escape { notices.withdraw(Self.onceMore) }
        sendsWhenModelComes = false
        writing.isSending = false
        if case .click(let point) = key { return click(point) }
        // Terminals send Alt as Esc and the key. A chord without a meaning was Esc, and the key soon after it.
        if case .alt(let second) = key, !hasMeaning(key) { return press(.escape) + press(second) }
        let context = keyContext
        if let action = KeyMap.action(for: key, in: context) { return perform(action, wasLeaving: wasLeaving) }
        switch (context, key) {
        case (.input, .paste(let text)): input.insert(text)
        case (_, .character(let character)) where hasLine: return write { $0.insert(String(character)) }
        case (_, .paste(let text)) where hasLine: return write { $0.insert(String(text.prefix { !$0.isNewline })) }
        case (.completion, _):
            completion = nil
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
        default: change(&input)
        }
        return []
    }

    /// Where keys go now.
    var keyContext: KeyContext {
        if let panel { return panel.context }
        if completion != nil { return .completion }
        if search?.isTyping == true { return .search }
        if selection != nil { return .message }
        return historySearch == nil ? .input : .history
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
        if panel?.details != nil, let step = action.readingStep {
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
        case .editOutside: return [.editDraft(input.text)]
        case .read(let step): read(step)
        case .pick(let action): return pick(action)
        case .toggleThoughts: toggleLatestThoughts()
        case .toggleDetails: toggleDetails()
        case .open(let kind): return toggle(kind)
        case .closePanel: leavePanel()
        case .redraw: return [.redraw]
        case .toggleProbabilities: toggleProbabilities()
        case .escape:
            if reply != nil { return stopReply() }
            if download != nil { return stopDownload() }
            if edit != nil { cancelEdit() } else { readNotice() }
        case .interrupt: return interrupt(wasLeaving: wasLeaving)
        case .deleteOrLeave:
            if input.isEmpty { return leave() }
            input.perform(.deleteForward)
        case .home: input.isEmpty ? scroll(.top) : input.perform(.lineStart)
        case .end: input.isEmpty ? scroll(.bottom) : input.perform(.lineEnd)
        }
        return []
    }

    private mutating func moveRow(_ rows: Int) {
        if input.moveVertically(rows, width: ScreenLayout(self).input.width) { return }
        let text = input.text
        if let entry = rows < 0 ? history.older(than: text) : history.newer(than: text) { input.setText(entry) }
    }

    /// Sends the draft, or runs it as a command where it starts with a slash ("//" sends text that starts with one).
    mutating func submit() -> [Effect] {
        if input.lines.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) {
            if !attachments.isEmpty {
                notify(.info, "write something to go with what is attached")
            } else if isWithoutModel, input.isEmpty, download == nil {
                return run("/download")
            }
            return []
        }
        return isCommand ? run(input.text) : submitDraft()
    }

    private mutating func interrupt(wasLeaving: Bool) -> [Effect] {
        if reply != nil { return stopReply() }
        if wasLeaving { return leave() }
        if download != nil { return stopDownload() }
        if !input.isEmpty {
            // Undo brings it back, and so does Up.
            history.add(input.text)
            input.setText("")
        }
        isLeaving = true
        notify(.info, Self.onceMore + (unsaved == nil ? "; the session is saved" : ""))
        return []
    }

    /// Ends the program; a half-written reply is kept.
    mutating func leave() -> [Effect] {
        holdBack() ?? leaveReply() + [.quit]
    }
}
