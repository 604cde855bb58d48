import Chat

/// Continuing a reply that was stopped, interrupted or cut off.
extension AppState {
    /// `/continue`: the model goes on where the last reply ends.
    mutating func continueReply() throws(CommandError) -> [Effect] {
        guard let last = session.record.conversation.head.flatMap({ session.record.conversation[$0] }),
            last.role == .assistant
        else {
            throw CommandError("No reply to continue; /regen creates one")
        }
        guard !last.content.isEmpty else { throw CommandError("The last reply is empty; /regen creates another") }
        guard canStartReply(.conversation(advice: "Use /continue again")) else { return [] }
        reading.selection = nil
        screen.notices.dismissAll()
        return startReply(to: last.parent ?? last.id, previousHead: nil, continuing: last)
    }

    /// Enter without a draft, after a reply failed: goes on if some of it is there, else tries again.
    mutating func resumeFailedReply() -> [Effect] {
        guard let last = session.record.conversation.path.last else { return [] }
        if last.role == .assistant, !last.content.isEmpty { return (try? continueReply()) ?? [] }
        return regenerateLatestReply()
    }
}
