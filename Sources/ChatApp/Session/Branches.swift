import Chat

/// Switching between branches, and deleting messages.
extension AppState {
    /// Shows the branch through the alternative of a message that is `step` further, wrapping around at the ends.
    mutating func showAlternative(of id: Message.ID, _ step: Int) -> [Effect] {
        let siblings = session.record.conversation.siblings(of: id)
        guard siblings.count > 1, let position = siblings.firstIndex(where: { $0.id == id }) else {
            notify(.info, "No alternatives yet; press e (edit) or r (retry)")
            return []
        }
        let next = siblings[((position + step) % siblings.count + siblings.count) % siblings.count]
        return showBranch(through: next.id)
    }

    /// Shows the branch through a message, up to where it was written to last, and selects the message.
    mutating func showBranch(through id: Message.ID) -> [Effect] {
        if session.transcript.position(of: id) == nil {
            session.record.conversation.moveHead(to: session.record.conversation.latestLeaf(below: id))
            session.transcript.follow(session.record.conversation)
        }
        screen.notices.withdraw(.reply)
        guard let entry = session.transcript.position(of: id) else { return [] }
        selectEntry(entry)
        return saveSession()
    }

    // MARK: Deleting

    /// Deletes a message and what follows it in every branch. `undoDelete` brings all of it back until the session is
    /// closed; the file is rid of it at once.
    mutating func deleteMessage(_ id: Message.ID) -> [Effect] {
        if let reason = session.record.readOnly {
            notify(.warning, "This session is read-only: \(reason)", about: .session)
            return []
        }
        let gone = Set(session.record.conversation.subtree(of: id).map(\.id))
        if let reply = session.reply, gone.contains(reply.parent) || reply.message.map(gone.contains) == true {
            notify(.info, "A reply is being generated here; stop it first")
            return []
        }
        let entry = selectedEntry ?? 0
        guard let removal = session.record.conversation.remove(id) else { return [] }
        session.deletions.append(removal)
        if let edit = composer.edit, gone.contains(edit.message) { composer.cancelEdit() }
        notify(.info, "Deleted \(Format.count(removal.count, "message")). Press u or use /undo to restore")
        return showChangedTree(near: entry)
    }

    mutating func undoDelete() -> [Effect] {
        guard let removal = session.deletions.popLast() else {
            notify(.info, "Nothing to undo")
            return []
        }
        session.record.conversation.restore(removal)
        notify(.info, "Restored \(Format.count(removal.count, "message"))")
        if reading.selection != nil { reading.selection = removal.first }
        return showChangedTree(near: 0)
    }

    private mutating func showChangedTree(near entry: Int) -> [Effect] {
        session.transcript = Transcript(session.record.conversation)
        screen.notices.withdraw(.reply)
        refreshSearch()
        if reading.selection != nil { reselect(near: entry) } else { reading.scroll = .following }
        session.record.updated = now
        // Also if nothing is left: the file still contains what was deleted.
        return [.saveSession(session.record)]
    }
}
