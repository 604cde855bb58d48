import Chat

/// What a key does with the selected message.
enum MessageAction: Sendable, Equatable {
    case edit, editOutside, regenerate, copy, copyCode, page, compare, showTokens, delete, undoDelete, toggleReasoning
    /// Shows the branch that many alternatives further.
    case alternative(Int)
}

extension AppState {
    mutating func runMessageAction(_ action: MessageAction) -> [Effect] {
        guard let message = selectedMessage else {
            reading.selection = nil
            return []
        }
        switch action {
        case .edit: beginEdit(of: message)
        case .editOutside:
            beginEdit(of: message)
            return composer.edit == nil ? [] : [.editDraft(composer.input.text)]
        case .regenerate: return regenerateReply(at: message.id)
        case .alternative(let step): return showAlternative(of: message.id, step)
        case .copy: return copy(message.content, as: "the message")
        case .copyCode: return copyCode(of: message)
        case .page: return [.page(message.content)]
        case .compare: openComparison(of: message.id)
        case .showTokens: openTokens(of: message)
        case .toggleReasoning: toggleReasoning(of: message)
        case .delete: return deleteMessage(message.id)
        case .undoDelete: return undoDelete()
        }
        return []
    }
}
