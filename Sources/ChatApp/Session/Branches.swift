import Chat

/// Going from branch to branch, and taking messages out.
extension AppState {
    /// Shows the branch that goes through an alternative of a message, `step` further; round at the ends.
    mutating func showAlternative(of id: Message.ID, _ step: Int) -> [Effect] {
        let siblings = session.record.conversation.siblings(of: id)
        guard siblings.count > 1, let place = siblings.firstIndex(where: { $0.id == id }) else {
            notify(.info, "this message has no alternative; e and r make one")
            return []
        }
        let next = siblings[((place + step) % siblings.count + siblings.count) % siblings.count]
        return showBranch(through: next.id)
    }

    /// Shows the branch that goes through a message, to where it was written to last, and selects the message.
    mutating func showBranch(through id: Message.ID) -> [Effect] {
        if session.transcript.position(of: id) == nil {
            session.record.conversation.moveHead(to: session.record.conversation.latestLeaf(below: id))
            session.transcript.follow(session.record.conversation)
        }
        guard let entry = session.transcript.position(of: id) else { return [] }
        select(entry: entry)
        return save()
    }

    // MARK: Deleting

    /// Takes a message out, and what follows it in every branch. `undoDelete` brings all of it back until the session
    /// is closed; on disk it is gone at once.
    mutating func delete(_ id: Message.ID) -> [Effect] {
        if let reason = session.record.readOnly {
            notify(.warning, "this session is read-only: \(reason)")
            return []
        }
        let gone = Set(session.record.conversation.subtree(of: id).map(\.id))
        if let reply = session.reply, gone.contains(reply.parent) || reply.message.map(gone.contains) == true {
            notify(.info, "a reply is being written here: Esc stops it")
            return []
        }
        let place = selectedEntry ?? 0
        guard let removal = session.record.conversation.remove(id) else { return [] }
        session.deletions.append(removal)
        if let edited = composer.edit, gone.contains(edited.message) { cancelEdit() }
        notify(.info, "deleted \(Format.count(removal.count, "message")); u or /undo brings back what was deleted")
        return showChangedTree(near: place)
    }

    mutating func undoDelete() -> [Effect] {
        guard let removal = session.deletions.popLast() else {
            notify(.info, "nothing was deleted that could come back")
            return []
        }
        session.record.conversation.restore(removal)
        notify(.info, "\(Format.count(removal.count, "message")) came back")
        if reading.selection != nil { reading.selection = removal.first }
        return showChangedTree(near: 0)
    }

    private mutating func showChangedTree(near place: Int) -> [Effect] {
        session.transcript = Transcript(session.record.conversation)
        searchAgain()
        if reading.selection != nil { reselect(near: place) } else { reading.scroll = .following }
        session.record.updated = now
        // Also where nothing is left: the file still has what was deleted.
        return [.saveSession(session.record)]
    }
}
