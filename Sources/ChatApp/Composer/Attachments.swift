import Chat
import Foundation
import TUI

/// A text file to be read for the draft.
public struct FileRequest: Sendable, Equatable {
    /// As the person wrote it: from the working folder, or with a tilde for the home folder.
    public var path: String
    /// Whether the draft's text names it (`@path`) rather than a command (`/file`).
    public var isMention: Bool
    /// The model that is to read it, and how long the settings make its window (0 for its own).
    public var model: ModelReference?
    public var contextLength: Int
}

/// What became of it.
public enum FileReading: Sendable, Equatable {
    case text(Attachment)
    /// There is no such file, with the reason in one line: a word in a draft that says so is only a word.
    case noFile(String)
    /// It cannot be attached, with the reason in one line.
    case refused(String)
}

/// A word of the draft that begins with an at sign and may name a file.
enum Mention: Sendable, Equatable {
    case asked
    case file(Attachment)
    /// There is no such file, with the reason in one line.
    case word(String)
    case refused(String)

    /// More than this many in one draft are no mentions.
    static let limit = 32

    /// The paths that a text names, in their order, each once: what follows an at sign at the start of a word, in quotes
    /// where it holds blanks.
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

    /// Whether it was meant to name a file, as `@src/main` and `@notes.md` are and `@ann` is not.
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

extension AppState {
    /// All that goes with the draft: what was attached, and the files that the text names.
    var outgoing: [Attachment] {
        composer.attachments.filter { file in !composer.writing.named.contains { $0.name == file.name } }
            + composer.writing.named
    }

    /// Notes which of the files that are known the text names now.
    mutating func nameFiles() {
        composer.writing.named = []
        guard !isCommand, !composer.writing.mentions.isEmpty else { return }
        for path in Mention.paths(in: composer.input.lines) {
            if case .file(let file)? = composer.writing.mentions[path],
                !composer.writing.named.contains(where: { $0.name == file.name })
            {
                composer.writing.named.append(file)
            }
        }
    }

    // MARK: Commands

    /// `/file PATH`
    mutating func attach(_ path: String) -> [Effect] { [read(unquoted(path), isMention: false)] }

    /// `/detach [NAME]`, the last one where none is named.
    mutating func detach(_ name: String) throws(CommandError) -> [Effect] {
        guard let last = composer.attachments.last else { throw CommandError("no file is attached") }
        let file = name.isEmpty ? last : try pick(name, from: composer.attachments, kind: "attached file") { [$0.name] }
        composer.attachments.removeAll { $0.name == file.name }
        notify(.info, "\(file.name) is not attached any more")
        return []
    }

    mutating func detachLast() {
        if let last = composer.attachments.popLast() {
            notify(.info, "\(last.name) is not attached any more")
        } else if let named = outgoing.last {
            notify(.info, "the text names \(named.name): take the word out to leave the file out")
        } else {
            notify(.info, "no file is attached")
        }
    }

    /// A path as a shell would read it, which is how terminals write that of a file that is dropped on them:
    /// `'a b.txt'` or `a\ b.txt`; or `file:///tmp/a%20b.txt`.
    private func unquoted(_ path: String) -> String {
        for mark in ["\"", "'"] where path.count > 2 && path.hasPrefix(mark) && path.hasSuffix(mark) {
            return String(path.dropFirst().dropLast())
        }
        if path.hasPrefix("file://"), let file = URL(string: path)?.path(percentEncoded: false) { return file }
        return path.replacing(/\\([ '"()&\[\]])/) { $0.output.1 }
    }

    private func read(_ path: String, isMention: Bool) -> Effect {
        .readFile(
            FileRequest(
                path: path, isMention: isMention, model: session.record.model,
                contextLength: session.record.settings.contextLength))
    }

    // MARK: Files that the text names

    /// Which of the words that may name a file are asked about.
    enum MentionScope {
        /// Those that are not known yet, but for the one at the cursor, which may not be whole.
        case wholeWords
        case everyWord
        /// Also those that named no file before.
        case everyWordAgain
    }

    /// Asks about files that the text names.
    mutating func readMentions(_ scope: MentionScope) -> [Effect] {
        guard !isCommand else { return [] }
        let unfinished = scope == .wholeWords ? wordAtCursor : nil
        var effects: [Effect] = []
        for path in Mention.paths(in: composer.input.lines) where path != unfinished {
            switch composer.writing.mentions[path] {
            case .file, .asked: continue
            case .word, .refused: if scope != .everyWordAgain { continue }
            case nil: break
            }
            composer.writing.mentions[path] = .asked
            effects.append(read(path, isMention: true))
        }
        return effects
    }

    /// What may be a path before the cursor.
    var wordAtCursor: String? {
        guard !isCommand else { return nil }
        let before = composer.input.lines[composer.input.cursor.line][..<composer.input.cursor.column]
        return Mention.paths(in: [Array(before.suffix(1001))]).last.flatMap { path in
            String(before.suffix(path.count)) == path ? path : nil
        }
    }

    mutating func receive(_ reading: FileReading, for request: FileRequest) -> [Effect] {
        guard request.isMention else {
            switch reading {
            case .text(let file):
                composer.attachments = composer.attachments.filter { $0.name != file.name } + [file]
            case .noFile(let reason), .refused(let reason): notify(.warning, reason)
            }
            return []
        }
        switch reading {
        case .text(let file): composer.writing.mentions[request.path] = .file(file)
        case .noFile(let reason): composer.writing.mentions[request.path] = .word(reason)
        case .refused(let reason):
            composer.writing.mentions[request.path] = .refused(reason)
            notify(.warning, reason)
        }
        nameFiles()
        guard composer.writing.isSending, !composer.writing.mentions.values.contains(.asked) else { return [] }
        return sendWithMentions()
    }

    /// Sends the draft once all is known about the files that it names.
    mutating func submitDraft() -> [Effect] {
        let questions = readMentions(.everyWordAgain)
        if questions.isEmpty { return sendWithMentions() }
        composer.writing.isSending = true
        return questions
    }

    /// A file that the text names and that cannot be read holds the draft back: without it the words make no sense.
    private mutating func sendWithMentions() -> [Effect] {
        composer.writing.isSending = false
        for path in Mention.paths(in: composer.input.lines) {
            switch composer.writing.mentions[path] {
            case .refused(let reason):
                notify(.warning, reason)
                return []
            // Told once: it may be meant as a word all the same.
            case .word(let reason)
            where Mention.looksLikePath(path) && composer.writing.toldMissing.insert(path).inserted:
                notify(.warning, "\(reason); Enter once more sends it as a word")
                return []
            default: break
            }
        }
        if let use = draftUse, let limit = composer.writing.count?.limit, use.tokens > limit,
            composer.writing.question == nil
        {
            notify(
                .warning,
                "this message takes \(use.tokens) tokens, and the context holds \(limit): shorten it, or /set num_ctx")
            return []
        }
        let text = composer.input.text
        if let edit = composer.edit { return send(text, insteadOf: edit) }
        return send(text.hasPrefix("//") ? String(text.dropFirst()) : text)
    }
}
