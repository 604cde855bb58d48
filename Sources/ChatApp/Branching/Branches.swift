import Chat

/// Going from branch to branch, and taking messages out.
extension AppState {
    /// Shows the branch that goes through an alternative of a message, `step` further; round at the ends.
    mutating func showAlternative(of id: Message.ID, _ step: Int) -> [Effect] {
        let siblings = session.conversation.siblings(of: id)
        guard siblings.count > 1, let place = siblings.firstIndex(where: { $0.id == id }) else {
            notify(.info, "this message has no alternative; e and r make one")
            return []
        }
        let next = siblings[((place + step) % siblings.count + siblings.count) % siblings.count]
        return showBranch(through: next.id)
    }

    /// Shows the branch that goes through a message, to where it was written to last, and selects the message.
    mutating func showBranch(through id: Message.ID) -> [Effect] {
        if transcript.position(of: id) == nil {
            session.conversation.moveHead(to: session.conversation.latestLeaf(below: id))
            transcript.follow(session.conversation)
        }
        guard let entry = transcript.position(of: id) else { return [] }
        select(entry: entry)
        return save()
    }

    // MARK: Deleting

    /// Takes a message out, and what follows it in every branch. `undoDelete` brings all of it back until the session
    /// is closed; on disk it is gone at once.
    mutating func delete(_ id: Message.ID) -> [Effect] {
        if let reason = session.readOnly {
            notify(.warning, "this session is read-only: \(reason)")
            return []
        }
        let gone = Set(session.conversation.subtree(of: id).map(\.id))
        if let reply, gone.contains(reply.parent) || reply.message.map(gone.contains) == true {
            notify(.info, "a reply is being written here: Esc stops it")
            return []
        }
        let place = selectedEntry ?? 0
        guard let removal = session.conversation.remove(id) else { return [] }
        deletions.append(removal)
        if let edited = edit, gone.contains(edited.message) { cancelEdit() }
        notify(.info, "deleted \(Format.count(removal.count, "message")); u or /undo brings back what was deleted")
        return showChangedTree(near: place)
    }

    mutating func undoDelete() -> [Effect] {
        guard let removal = deletions.popLast() else {
            notify(.info, "nothing was deleted that could come back")
            return []
        }
        session.conversation.restore(removal)
        notify(.info, "\(Format.count(removal.count, "message")) came back")
        if selection != nil { selection = removal.first }
        return showChangedTree(near: 0)
    }

    private mutating func showChangedTree(near place: Int) -> [Effect] {
        transcript = Transcript(session.conversation)
        searchAgain()
        if selection != nil { reselect(near: place) } else { scroll = .following }
        session.updated = now
        // Also where nothing is left: the file still has what was deleted.
        return [.saveSession(session)]
    }
}
