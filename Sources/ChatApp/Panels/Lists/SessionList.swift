import Chat
import Foundation
import TUI

extension PanelKind {
    static let sessions: PanelKind = .init(
        name: "sessions", key: .function(3), summary: "sessions", context: .sessionList,
        keys: [
            KeyRow(.session, [.control("r")], .own(ListPanel.Action.rename), "change its title", label: "rename"),
            KeyRow(.session, [.control("x")], .own(ListPanel.Action.export), "export it to a file", label: "export"),
            KeyRow(.session, [.control("d")], .own(ListPanel.Action.duplicate), "make a copy", label: "duplicate"),
            KeyRow(.session, [.delete], .own(ListPanel.Action.delete), "move it to the trash", label: "delete"),
            KeyRow(.session, [.control("_")], .own(ListPanel.Action.undoDelete), "undo the last deletion"),
            KeyRow(
                .session, [.control("t")], .own(ListPanel.Action.trash), "list the deleted sessions", label: "trash"),
        ]
    ) { $0.openSessions() }
}

extension KeyContext {
    fileprivate static let sessionList = KeyContext(name: "sessions", isPanel: true, hasLine: true)
}

extension KeyRow.Group {
    fileprivate static let session = KeyRow.Group("Selected session", in: .sessionList)
}

extension ListSource {
    fileprivate static let sessions: ListSource = .init(
        kind: .sessions, title: "Sessions", empty: "No saved sessions", verb: "open",
        findMore: { $0.foundEntries(besides: $1, query: $2) }, search: { $0.searchFiles(for: $1) },
        entries: { $0.sessionEntries })
}

/// Something deleted from a list, which can be restored.
enum ListDeletion: Sendable, Equatable {
    case session(SessionSummary.ID)
    case preset(Preset)
}

extension AppState {
    var sessionEntries: [ListEntry] { library.sessions.map(entry) }

    func entry(_ session: SessionSummary) -> ListEntry {
        ListEntry(
            title: session.title.isEmpty ? "untitled" : session.title,
            details: session.problem.map { [$0] }
                ?? [
                    Format.age(session.updated, now: now), Format.count(session.messageCount, "message"), session.model,
                ].compactMap { $0 },
            problem: session.problem, isCurrent: session.id == self.session.record.id, choice: .session(session.id))
    }

    /// Lists the sessions, those that contain a text if one is given.
    mutating func openSessions(containing text: String = "") -> [Effect] {
        // What was found before may have changed since.
        (library.searchedText, library.foundSessions) = (nil, nil)
        let effects = [.listSessions] + searchFiles(for: text)
        openList(.sessions, filter: text)
        return effects
    }

    // MARK: Full-text search

    /// Sessions with a message that contains the query, except for those already listed.
    fileprivate func foundEntries(besides listed: [ListEntry], query: String) -> [ListEntry] {
        guard let found = library.foundSessions, found.query == query[...].trimmed else { return [] }
        let known = Set(
            listed.compactMap { entry -> SessionSummary.ID? in
                if case .session(let id) = entry.choice { id } else { nil }
            })
        return found.matches.compactMap { match in
            guard !known.contains(match.session),
                let session = library.sessions.first(where: { $0.id == match.session })
            else { return nil }
            var entry = entry(session)
            entry.excerpt = match.excerpts.first
            return entry
        }
    }

    /// Searches the session files for the filter's text, unless it is too short or just that is being searched for.
    fileprivate mutating func searchFiles(for filter: String) -> [Effect] {
        let query = filter[...].trimmed
        guard query != library.searchedText else { return [] }
        library.searchedText = query.count >= SessionSearchLimits.shortestQuery ? query : nil
        return library.searchedText == nil ? [] : [.session(.search(query))]
    }

    /// Whether a list with this filter waits for a search.
    func isSearching(for filter: String) -> Bool {
        library.searchedText == filter[...].trimmed && library.foundSessions?.query != library.searchedText
    }

    /// Whether a list with this filter lacks sessions, because a search ended before it had read all of them.
    func isSearchIncomplete(for filter: String) -> Bool {
        library.foundSessions.map { $0.query == filter[...].trimmed && !$0.isComplete } ?? false
    }

    /// The text by which a session was found, if the list's filter is still that text.
    func foundText(in id: SessionSummary.ID, filter: String?) -> String? {
        guard let found = library.foundSessions, found.query == filter,
            found.matches.contains(where: { $0.session == id })
        else { return nil }
        return found.query
    }

    // MARK: Preview

    /// Facts about a session, what was found in it, and its last messages as far as there is room.
    func sessionPreview(_ id: SessionSummary.ID, filter: String?, _ size: Size) -> [StyledLine] {
        guard let session = library.sessions.first(where: { $0.id == id }) else { return [] }
        var page = PreviewPage(width: size.width)
        page.title(session.title.isEmpty ? "untitled" : session.title)
        addFacts(of: session, to: &page)
        if session.problem != nil { return page.lines }
        page.blank()
        if let query = foundText(in: id, filter: filter),
            let match = library.foundSessions?.matches.first(where: { $0.session == id })
        {
            page.text("Match", .muted)
            for excerpt in match.excerpts { page.add(StyledLine(excerpt).marking(query)) }
            page.blank()
        }
        guard let messages = library.sessionPreviews[SessionVersion(session)] else { return page.lines }
        var end = PreviewPage(width: size.width)
        for message in messages {
            let isUser = message.role == .user
            end.text(isUser ? "You" : message.model ?? message.role.rawValue, isUser ? .user : .assistant)
            end.text(message.text)
            end.blank()
        }
        return page.lines + end.lines.dropLast().suffix(max(0, size.height - page.lines.count))
    }

    func addFacts(of session: SessionSummary, to page: inout PreviewPage) {
        if let problem = session.problem { return page.text(problem, .warning) }
        page.row("changed", Format.age(session.updated, now: now))
        page.row("messages", "\(session.messageCount)")
        page.row("model", session.model)
        page.row("size", session.fileBytes.map(ByteText.size))
    }

    /// Reads the last messages of the session that a panel shows, unless they are known.
    mutating func loadSessionPreview() -> [Effect] {
        guard let session = screen.panels.top?.previewedSession(self), session.problem == nil else { return [] }
        let version = SessionVersion(session)
        guard library.sessionPreviews[version] == nil, library.requestedPreview != version else { return [] }
        library.requestedPreview = version
        return [.session(.preview(session.id))]
    }

    mutating func storeSessionPreview(_ preview: SessionPreview) {
        guard let version = library.requestedPreview, version.id == preview.session else { return }
        if library.sessionPreviews.count >= 50 { library.sessionPreviews = [:] }
        library.sessionPreviews[version] = preview.messages
        library.requestedPreview = nil
    }

    // MARK: Deleting

    /// Moves a session to the trash. If it is the open one, a new session starts.
    mutating func deleteSession(_ id: SessionSummary.ID) -> [Effect] {
        let title = library.sessions.first { $0.id == id }?.title ?? session.record.title
        if id == session.record.id, !session.record.isWorthSaving { return startNewSession() }
        let name = title.isEmpty ? "the session" : "\"\(Wrapping.truncate(title, width: 30))\""
        library.listDeletions.append(.session(id))
        notify(.info, "Moved \(name) to the trash; /restore to undo", about: .program)
        return (id == session.record.id ? startNewSession() : []) + [.deleteSession(id)]
    }

    mutating func restoreDeleted(_ deletion: ListDeletion) -> [Effect] {
        switch deletion {
        case .session(let id): return [.session(.restore(id, opens: false))]
        case .preset(let preset): return [.savePreset(preset)]
        }
    }
}
