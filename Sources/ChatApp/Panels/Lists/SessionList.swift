import Chat
import Foundation
import TUI

extension AppState {
    var sessionEntries: [ListEntry] { library.sessions.map(entry) }

    private func entry(_ session: SessionSummary) -> ListEntry {
        ListEntry(
            title: session.title.isEmpty ? "untitled" : session.title,
            details: session.problem.map { [$0] }
                ?? [
                    Format.age(session.updated, now: now), Format.count(session.messageCount, "message"), session.model,
                ].compactMap { $0 },
            problem: session.problem, isCurrent: session.id == self.session.record.id, choice: .session(session.id))
    }

    // MARK: Full-text search

    /// Sessions in whose messages the query was found, those that are listed already left out.
    func foundEntries(besides listed: [ListEntry], query: String) -> [ListEntry] {
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

    /// Looks through the files for what was typed, where that is enough to look for.
    func searchFiles(in list: ListPanel) -> [Effect] {
        let query = list.filter.text[...].trimmed
        guard list.source.kind == .sessions, query.count >= SessionSearchLimits.shortestQuery,
            library.foundSessions?.query != query
        else { return [] }
        return [.session(.search(query))]
    }

    // MARK: Preview

    /// Facts, and as much of its end as there is room for.
    func sessionPreview(_ id: SessionSummary.ID, _ size: Size) -> [StyledLine] {
        guard let session = library.sessions.first(where: { $0.id == id }) else { return [] }
        var page = PreviewPage(width: size.width)
        page.title(session.title.isEmpty ? "untitled" : session.title)
        if let problem = session.problem {
            page.text(problem, .warning)
            return page.lines
        }
        page.row("changed", Format.age(session.updated, now: now))
        page.row("messages", "\(session.messageCount)")
        page.row("model", session.model)
        page.row("size", session.fileBytes.map(Format.bytes))
        page.blank()
        if let found = library.foundSessions, isSearching(for: found.query),
            let match = found.matches.first(where: { $0.session == id })
        {
            page.text("found in it", .muted)
            for excerpt in match.excerpts { page.add(StyledLine(excerpt).marking(found.query)) }
            page.blank()
        }
        guard let messages = library.sessionPreviews[SessionVersion(session)] else { return page.lines }
        var end = PreviewPage(width: size.width)
        for message in messages {
            let isPerson = message.role == .user
            end.text(isPerson ? "you" : message.model ?? message.role.rawValue, isPerson ? .user : .assistant)
            end.text(message.text)
            end.blank()
        }
        return page.lines + end.lines.dropLast().suffix(max(0, size.height - page.lines.count))
    }

    /// What a session's text was found by.
    func foundText(in id: SessionSummary.ID, _ list: ListPanel) -> String? {
        guard let found = library.foundSessions, list.isSearching(for: found.query),
            found.matches.contains(where: { $0.session == id })
        else { return nil }
        return found.query
    }

    private func isSearching(for query: String) -> Bool {
        if case .list(let list) = screen.panel { list.isSearching(for: query) } else { false }
    }

    /// Asks for the beginning of what the selected session says, where it is to be seen and not known yet.
    mutating func loadPreview() -> [Effect] {
        guard case .list(let list) = screen.panel, areas(of: list).preview != nil || list.details != nil,
            case .session(let id)? = list.selectedEntry?.choice,
            let session = library.sessions.first(where: { $0.id == id }), session.problem == nil
        else { return [] }
        let version = SessionVersion(session)
        guard library.sessionPreviews[version] == nil, library.requestedPreview != version else { return [] }
        library.requestedPreview = version
        return [.session(.preview(id))]
    }

    mutating func receive(_ preview: SessionPreview) {
        guard let version = library.requestedPreview, version.id == preview.session else { return }
        if library.sessionPreviews.count >= 50 { library.sessionPreviews = [:] }
        library.sessionPreviews[version] = preview.messages
        library.requestedPreview = nil
    }

    // MARK: Deleting

    /// Moves a session to the trash. Where it is the open one another is begun.
    mutating func delete(session id: SessionSummary.ID) -> [Effect] {
        let title = library.sessions.first { $0.id == id }?.title ?? session.record.title
        if id == session.record.id, !session.record.isWorthSaving { return startNewSession() }
        let name = title.isEmpty ? "the session" : "\"\(Wrapping.truncate(title, width: 30))\""
        library.listDeletions.append(.session(id, name: name))
        notify(.info, "\(name) is in the trash; /restore brings it back")
        return (id == session.record.id ? startNewSession() : []) + [.deleteSession(id)]
    }

    mutating func restore(_ deletion: ListDeletion) -> [Effect] {
        switch deletion {
        case .session(let id, let name):
            notify(.info, "\(name) is back among the sessions; /resume opens it")
            return [.session(.restore(id))]
        case .preset(let preset): return [.savePreset(preset)]
        }
    }
}

/// What was deleted from a list and can be brought back.
enum ListDeletion: Sendable, Equatable {
    case session(SessionSummary.ID, name: String)
    case preset(Preset)
}

extension ListPanel {
    /// Whether sessions are searched for this text.
    fileprivate func isSearching(for query: String) -> Bool {
        source.kind == .sessions && filter.text[...].trimmed == query
    }
}
