import Chat

/// What the next line answers, where it is not a message.
enum PlainQuestion: Sendable {
    /// Which of these.
    case choice([Item])
    /// A setting's new value.
    case value(SettingRow)

    enum Item: Sendable {
        case entry(ListEntry)
        case setting(SettingRow)
        case message(Message.ID)
        /// A token of a reply, by its place, and what could have stood there.
        case token(Message.ID, Int)
        case alternative(Message.ID, Int, TokenChoice)

        /// Whether it goes by this name, in any case.
        func isCalled(_ name: String) -> Bool {
            switch self {
            case .entry(let entry): entry.title.lowercased() == name.lowercased()
            case .setting(let row): ([row.command] + row.aliases).contains(name.lowercased())
            case .message, .token, .alternative: false
            }
        }
    }
}

extension AppState {
    /// The numbered lines of a list.
    static func plainLine(_ entry: ListEntry) -> String {
        var parts =
            [entry.suffix.isEmpty ? entry.title : "\(entry.title) \(entry.suffix)"]
            + entry.details.filter { !$0.isEmpty }
        if let excerpt = entry.excerpt { parts.append("“\(excerpt)”") }
        if let problem = entry.problem, !entry.details.contains(problem) { parts.append(problem) }
        return parts.joined(separator: ", ") + (entry.isCurrent ? " (in use)" : "")
    }

    func plainLine(_ row: SettingRow) -> String {
        "\(row.command): \(row.text(in: session.record.settings))\(idleness(of: row)), \(row.summary)"
    }

    /// A message of the tree, with its speaker, its beginning and its place among its alternatives.
    func plainLine(_ message: Message, isShown: Bool) -> String {
        let siblings = session.record.conversation.siblings(of: message.id)
        let place = siblings.firstIndex { $0.id == message.id } ?? 0
        let beginning =
            message.content.prefix(200).split(whereSeparator: \.isNewline).first.map(String.init) ?? "(no text)"
        return "\(speaker(of: message)): \(beginning)"
            + (siblings.count > 1 ? ", alternative \(place + 1) of \(siblings.count)" : "")
            + (isShown ? " (shown)" : "")
    }

    func speaker(of message: Message) -> String {
        switch message.role {
        case .user: "You"
        case .assistant: message.origin.map { displayName(of: $0.model) } ?? "Assistant"
        case .system: "System"
        case .tool: "Tool"
        }
    }
}
