import Chat
import TUI

/// A question about the selected entry, answered in the line of the filter.
struct ListPrompt: Sendable {
    enum Purpose: Sendable, Equatable {
        case rename(SessionSummary.ID)
        case export(SessionSummary.ID)
        case savePreset
    }

    var purpose: Purpose
    private(set) var editor: TextEditor

    init(_ purpose: Purpose, _ text: String) {
        self.purpose = purpose
        editor = TextEditor()
        editor.setText(text)
    }

    var label: String {
        switch purpose {
        case .rename: "title: "
        case .export: "file (.md or .json): "
        case .savePreset: "preset name: "
        }
    }

    mutating func edit(_ change: (inout TextEditor) -> Void) { change(&editor) }
}

extension ListPanel {
    /// Renames, copies, exports, deletes and restores sessions and presets.
    mutating func manage(_ action: Action, in state: inout AppState) -> [Effect] {
        switch (action, selectedEntry?.choice) {
        case (.undoDelete, _):
            guard let deletion = state.library.listDeletions.popLast() else {
                state.notify(.info, "Nothing to undo")
                return []
            }
            return state.restoreDeleted(deletion)
        case (.save, _): ask(.savePreset, state.session.record.preset ?? "")
        case (.rename, .session(let id)): ask(.rename(id), state.title(ofSession: id))
        case (.export, .session(let id)):
            ask(.export(id), SessionExport.suggestedName(state.title(ofSession: id), .markdown))
        case (.duplicate, .session(let id)): return [.session(.duplicate(id, title: nil, opens: false))]
        case (.delete, .session(let id)): return state.deleteSession(id)
        case (.delete, .preset(let name)): return state.deletePreset(name)
        default: break
        }
        return []
    }

    private mutating func ask(_ purpose: ListPrompt.Purpose, _ text: String) {
        details = nil
        prompt = ListPrompt(purpose, text)
    }

    /// Does what was asked about. A wrong answer can be corrected.
    mutating func acceptAnswer(in state: inout AppState) -> [Effect] {
        guard let prompt else { return [] }
        do throws(CommandError) {
            let effects = try state.complete(prompt.purpose, with: prompt.editor.text[...].trimmed)
            self.prompt = nil
            reload(state)
            if prompt.purpose == .savePreset, let name = state.session.record.preset {
                select(.preset(name), height: areas(state.screen.size).rows.height)
            }
            return effects
        } catch {
            state.notify(.warning, error.description)
            return []
        }
    }
}

extension AppState {
    fileprivate mutating func complete(
        _ purpose: ListPrompt.Purpose, with text: String
    ) throws(CommandError) -> [Effect] {
        switch purpose {
        case .rename(let id):
            guard !text.isEmpty else { throw CommandError("A title must not be empty. Esc keeps the old one") }
            if id == session.record.id { return try renameSession(to: text) }
            return [.session(.rename(id, title: SessionRecord.oneLine(text)))]
        case .export(let id): return [.session(.export(id, try SessionExport(file: text)))]
        case .savePreset: return try savePreset(named: text)
        }
    }

    fileprivate func title(ofSession id: SessionSummary.ID) -> String {
        library.sessions.first { $0.id == id }?.title ?? ""
    }
}
