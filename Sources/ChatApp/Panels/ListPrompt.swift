import Chat
import TUI

/// A question about the selected entry, answered in the list's own line.
struct ListPrompt: Sendable {
    enum Purpose: Sendable, Equatable {
        case rename(SessionSummary.ID)
        case export(SessionSummary.ID)
        case savePreset
    }

    var purpose: Purpose
    var editor: TextEditor

    init(_ purpose: Purpose, _ text: String) {
        self.purpose = purpose
        editor = TextEditor()
        editor.setText(text)
    }

    var label: String {
        switch purpose {
        case .rename: "title: "
        case .export: "file, .md or .json: "
        case .savePreset: "preset's name: "
        }
    }
}

/// What keys do to the question.
enum PromptAction: Sendable, Equatable {
    case accept, cancel
}

extension AppState {
    /// Renames, copies, exports, deletes and brings back what a list shows.
    mutating func manage(_ action: PickAction, in list: ListPanel) -> [Effect] {
        var list = list
        list.details = nil
        switch (action, list.selectedEntry?.choice) {
        case (.undoDelete, _):
            guard let deletion = library.listDeletions.popLast() else {
                notify(.info, "nothing was deleted here")
                return []
            }
            return restore(deletion)
        case (.save, _): list.prompt = ListPrompt(.savePreset, session.record.preset ?? "")
        case (.rename, .session(let id)): list.prompt = ListPrompt(.rename(id), title(ofSession: id))
        case (.export, .session(let id)):
            list.prompt = ListPrompt(.export(id), SessionExport.suggestedName(title(ofSession: id), .markdown))
        case (.duplicate, .session(let id)): return [.session(.duplicate(id, title: nil, opens: false))]
        case (.delete, .session(let id)): return delete(session: id)
        case (.delete, .preset(let name)): return delete(preset: name)
        default: return []
        }
        screen.panel = .list(list)
        return []
    }

    mutating func perform(_ action: PromptAction) -> [Effect] {
        guard case .list(var list) = screen.panel, let prompt = list.prompt else { return [] }
        list.prompt = nil
        var effects: [Effect] = []
        if action == .accept {
            do throws(CommandError) {
                effects = try perform(prompt.purpose, prompt.editor.text[...].trimmed)
                list.refresh(self)
                if prompt.purpose == .savePreset, let name = session.record.preset {
                    list.select(.preset(name), height: areas(of: list).rows.height)
                }
            } catch {
                notify(.warning, error.description)
                return []
            }
        }
        screen.panel = .list(list)
        return effects
    }

    /// Changes what is being answered.
    mutating func changeAnswer(_ change: (inout TextEditor) -> Void) {
        guard case .list(var list) = screen.panel, var prompt = list.prompt else { return }
        change(&prompt.editor)
        list.prompt = prompt
        screen.panel = .list(list)
    }

    private mutating func perform(_ purpose: ListPrompt.Purpose, _ text: String) throws(CommandError) -> [Effect] {
        switch purpose {
        case .rename(let id):
            guard !text.isEmpty else { throw CommandError("a title has at least one letter; Esc leaves it as it is") }
            if id == session.record.id { return try rename(text) }
            return [.session(.rename(id, title: SessionRecord.oneLine(text)))]
        case .export(let id): return [.session(.export(id, try SessionExport(file: text)))]
        case .savePreset: return try savePreset(named: text)
        }
    }

    private func title(ofSession id: SessionSummary.ID) -> String {
        library.sessions.first { $0.id == id }?.title ?? ""
    }
}
