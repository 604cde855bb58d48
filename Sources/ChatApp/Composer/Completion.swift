import TUI

/// What the word before the cursor could become; Tab after Tab goes through it.
struct Completion: Sendable, Equatable {
    struct Candidate: Sendable, Equatable {
        /// What takes the word's place.
        var text: String
        /// What the list shows, and what it says beside it.
        var label: String
        var detail = ""
    }

    /// The word as it was typed.
    var word: Range<TextEditor.Position>
    var candidates: [Candidate]
    /// The one that stands in the input; nil while the word does.
    var shown: Int?
}

/// What keys do while candidates are shown; any other leaves them and does what it does.
enum CompletionAction: Sendable, Equatable {
    case cycle(Int), take, cancel
}

/// A folder to be looked at, because a path in it is completed.
public struct FolderRequest: Sendable, Equatable {
    /// With a slash at its end; empty for the working folder.
    public var folder: String
    /// What the names begin with, in whichever case.
    public var prefix: String
    /// The word that is completed, from the at sign on where it is a mention.
    var word: Range<TextEditor.Position>
    var isMention: Bool
    var revision: TextEditor.Revision

    public static func == (a: FolderRequest, b: FolderRequest) -> Bool {
        a.folder == b.folder && a.prefix == b.prefix && a.word == b.word && a.isMention == b.isMention
            && a.revision === b.revision
    }
}

/// What lies in a folder.
public struct FolderEntry: Sendable, Equatable {
    public var name: String
    public var isFolder: Bool
    /// Of a file.
    public var byteCount: Int?

    public init(name: String, isFolder: Bool, byteCount: Int? = nil) {
        self.name = name
        self.isFolder = isFolder
        self.byteCount = byteCount
    }
}

extension AppState {
    /// Completes what stands before the cursor, or goes to another candidate.
    mutating func complete(_ step: Int) -> [Effect] {
        if composer.completion != nil {
            cycle(step)
            return []
        }
        let before = String(composer.input.lines[composer.input.cursor.line][..<composer.input.cursor.column])
        if isCommand, composer.input.cursor.line == 0 { return completeCommand(before) }
        guard let sign = mentionStart(before) else { return [] }
        return completePath(from: sign, isMention: true)
    }

    private mutating func completeCommand(_ before: String) -> [Effect] {
        guard let blank = before.firstIndex(where: \.isWhitespace) else {
            let commands = CommandTable.rows.flatMap { row in
                ([row.name] + row.aliases).map { name in
                    Completion.Candidate(text: "\(name) ", label: "/\(name)", detail: row.summary)
                }
            }
            offer(commands, from: 1, typed: String(before.dropFirst()))
            return []
        }
        guard let command = CommandTable.command(named: CommandLine.split(before).name) else { return [] }
        let typed = String(before[blank...].drop(while: \.isWhitespace))
        let start = before.count - typed.count
        let known = command.complete(self, typed).filter { $0.lowercased().hasPrefix(typed.lowercased()) }
        if known.isEmpty, let path = command.fileStart(in: typed) {
            return completePath(from: start + path, isMention: false)
        }
        offer(known.map { Completion.Candidate(text: $0, label: label($0, typed)) }, from: start, typed: typed)
        return []
    }

    /// Words that are typed already are not repeated in the list: of `top_p 0.9` only the value.
    private func label(_ candidate: String, _ typed: String) -> String {
        guard let blank = typed.lastIndex(of: " "), SettingCommands.isValue(typed) else {
            return candidate[...].trimmed
        }
        return candidate.dropFirst(typed.distance(from: typed.startIndex, to: blank) + 1).trimmed
    }

    /// Where the at sign stands that the word at the end of a text begins with.
    private func mentionStart(_ before: String) -> Int? {
        let characters = Array(before)
        let quoted = characters.indices.last { characters[$0] == "@" && characters[($0 + 1)...].first == "\"" }
        let plain = (characters.lastIndex(where: \.isWhitespace) ?? -1) + 1
        if let quoted, !characters[(quoted + 2)...].contains("\"") { return quoted }
        return characters[plain...].first == "@" ? plain : nil
    }

    // MARK: Paths

    /// Looks into the folder that the path before the cursor leads to.
    private mutating func completePath(from start: Int, isMention: Bool) -> [Effect] {
        let word = composer.input.lines[composer.input.cursor.line][start..<composer.input.cursor.column].drop {
            isMention && "@\"".contains($0)
        }
        let slash = word.lastIndex(of: "/").map { $0 + 1 } ?? word.startIndex
        let place = TextEditor.Position(line: composer.input.cursor.line, column: start)
        let request = FolderRequest(
            folder: String(word[..<slash]), prefix: String(word[slash...]), word: place..<composer.input.cursor,
            isMention: isMention, revision: composer.input.revision)
        composer.writing.listing = request
        return [.listFolder(request)]
    }

    mutating func receive(_ entries: [FolderEntry], of request: FolderRequest) {
        guard request == composer.writing.listing, request.revision === composer.input.revision,
            composer.completion == nil
        else { return }
        composer.writing.listing = nil
        let candidates = entries.map { entry in
            let path = request.folder + entry.name + (entry.isFolder ? "/" : "")
            let needsQuotes = request.isMention && path.contains(where: \.isWhitespace)
            let end = entry.isFolder ? "" : needsQuotes ? "\" " : request.isMention ? " " : ""
            return Completion.Candidate(
                text: (request.isMention ? needsQuotes ? "@\"" : "@" : "") + path + end,
                label: entry.name + (entry.isFolder ? "/" : ""),
                detail: entry.byteCount.map(Format.bytes) ?? "")
        }
        offer(candidates, word: request.word)
    }

    // MARK: The list

    private mutating func offer(_ candidates: [Completion.Candidate], from column: Int, typed: String) {
        let fitting = candidates.filter { $0.text.lowercased().hasPrefix(typed.lowercased()) }
        let start = TextEditor.Position(line: composer.input.cursor.line, column: column)
        offer(fitting, word: start..<composer.input.cursor)
    }

    /// One candidate takes the word's place at once; of several what they share, and the list is shown.
    private mutating func offer(_ candidates: [Completion.Candidate], word: Range<TextEditor.Position>) {
        switch candidates.count {
        case 0: notify(.info, "nothing completes this")
        case 1: composer.input.replace(word, with: candidates[0].text)
        default:
            var word = word
            let typed = composer.input.text(from: word.lowerBound, to: word.upperBound)
            let shared = candidates.dropFirst().reduce(candidates[0].text) {
                $0.commonPrefixIgnoringCase(with: $1.text)
            }
            if shared.count > typed.count {
                composer.input.replace(word, with: shared)
                word = word.lowerBound..<composer.input.cursor
            }
            composer.completion = Completion(word: word, candidates: candidates)
        }
    }

    /// Shows another candidate, round at the ends.
    private mutating func cycle(_ step: Int) {
        guard var running = composer.completion else { return }
        let count = running.candidates.count
        let next = running.shown.map { ($0 + step + count) % count } ?? (step > 0 ? 0 : count - 1)
        // One undo brings back what was typed, however many candidates were looked at.
        if running.shown != nil { composer.input.perform(.undo) }
        composer.input.replace(running.word, with: running.candidates[next].text)
        running.shown = next
        composer.completion = running
    }

    mutating func perform(_ action: CompletionAction) -> [Effect] {
        guard let running = composer.completion else { return [] }
        switch action {
        case .cycle(let step): cycle(step)
        case .take:
            composer.completion = nil
            // In a message it takes the candidate; the message may go on. A command is run as it stands.
            if isCommand || running.shown == nil { return submit() }
        case .cancel:
            if running.shown != nil { composer.input.perform(.undo) }
            composer.completion = nil
        }
        return []
    }
}

extension String {
    fileprivate func commonPrefixIgnoringCase(with other: String) -> String {
        var count = 0
        for (a, b) in zip(self, other) {
            if a.lowercased() != b.lowercased() { break }
            count += 1
        }
        return String(prefix(count))
    }
}
