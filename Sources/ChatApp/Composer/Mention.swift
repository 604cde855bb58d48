import Chat

/// A word of the draft that begins with an at sign and may name a file.
enum Mention: Sendable, Equatable {
    /// The file is being read.
    case requested
    case file(Attachment)
    /// There is no such file, with the reason in one line: it is only a word.
    case noFile(String)
    /// The file cannot be attached, with the reason in one line.
    case refused(String)

    /// Any further ones in a draft are ignored.
    static let limit = 32

    /// The paths that a text names, in their order, each once: what follows an at sign at the start of a word, in
    /// quotes if it contains blanks.
    static func paths(in lines: [[Character]]) -> [String] {
        var paths: [String] = []
        for line in lines {
            var rest = line[...]
            while paths.count < limit, let sign = rest.firstIndex(of: "@") {
                let startsWord =
                    sign == line.startIndex || line[sign - 1].isWhitespace || "([{\"'".contains(line[sign - 1])
                rest = line[(sign + 1)...]
                guard startsWord, let path = path(at: rest) else { continue }
                rest = rest.dropFirst(path.count)
                if !paths.contains(path) { paths.append(path) }
            }
        }
        return paths
    }

    /// Whether it is meant to name a file, as `@src/main` and `@notes.md` are and `@ann` is not.
    static func looksLikePath(_ path: String) -> Bool {
        path.contains("/") || path.contains(" ") || path.contains(/\.[A-Za-z0-9]{1,5}$/)
    }

    private static func path(at text: ArraySlice<Character>) -> String? {
        if text.first == "\"" {
            let quoted = text.dropFirst().prefix { $0 != "\"" }
            return quoted.isEmpty || quoted.endIndex == text.endIndex ? nil : String(quoted)
        }
        let word = text.prefix { !$0.isWhitespace }
        return word.isEmpty || word.first == "@" || word.count > 1000 ? nil : String(word)
    }
}

/// Which of the words that may name a file are to be looked up.
enum MentionScope {
    /// Those not known yet, except the one at the cursor, which may be incomplete.
    case completeWords
    case everyWord
    /// Also those that named no usable file before.
    case everyWordAgain
}

extension Composer {
    /// Updates which of the known files the text names now.
    mutating func updateNamedFiles() {
        draft.namedFiles = []
        guard !isCommand, !draft.mentions.isEmpty else { return }
        for path in Mention.paths(in: input.lines) {
            if case .file(let file)? = draft.mentions[path], !draft.namedFiles.contains(where: { $0.name == file.name })
            {
                draft.namedFiles.append(file)
            }
        }
    }

    /// The path before the cursor that may still be growing.
    var mentionAtCursor: String? {
        guard !isCommand else { return nil }
        let before = textBeforeCursor
        return Mention.paths(in: [Array(before.suffix(1001))]).last.flatMap { path in
            String(before.suffix(path.count)) == path ? path : nil
        }
    }

    /// The paths that the text names and that are to be read now; they count as requested from here on.
    mutating func requestMentions(_ scope: MentionScope) -> [String] {
        guard !isCommand else { return [] }
        let unfinished = scope == .completeWords ? mentionAtCursor : nil
        var requested: [String] = []
        for path in Mention.paths(in: input.lines) where path != unfinished {
            switch draft.mentions[path] {
            case .file, .requested: continue
            case .noFile, .refused: if scope != .everyWordAgain { continue }
            case nil: break
            }
            draft.mentions[path] = .requested
            requested.append(path)
        }
        return requested
    }

    /// Why the draft cannot be sent because of a file that it names; nil if it can. A missing file is reported once:
    /// the word may not be meant as a path.
    mutating func mentionProblem() -> String? {
        for path in Mention.paths(in: input.lines) {
            switch draft.mentions[path] {
            case .refused(let reason): return reason
            case .noFile(let reason)
            where Mention.looksLikePath(path) && draft.reportedMissing.insert(path).inserted:
                return "\(reason); press Enter again to send it as plain text"
            default: break
            }
        }
        return nil
    }
}

extension AppState {
    /// Reads files that the text names.
    mutating func readMentions(_ scope: MentionScope) -> [Effect] {
        composer.requestMentions(scope).map { readFile($0, isMention: true) }
    }

    mutating func applyMentionReading(_ reading: FileReading, of path: String) -> [Effect] {
        switch reading {
        case .text(let file): composer.draft.mentions[path] = .file(file)
        case .noFile(let reason): composer.draft.mentions[path] = .noFile(reason)
        case .refused(let reason):
            composer.draft.mentions[path] = .refused(reason)
            notify(.warning, reason, about: .draft)
        }
        composer.updateNamedFiles()
        guard composer.draft.isSending, !composer.draft.mentions.values.contains(.requested) else { return [] }
        return sendDraft()
    }
}
