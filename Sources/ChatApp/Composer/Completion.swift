import Chat
import TUI

/// What the word before the cursor could become; pressing Tab repeatedly goes through the candidates.
struct Completion: Sendable, Equatable {
    struct Candidate: Sendable, Equatable {
        /// What replaces the word.
        var text: String
        /// What the list shows, and a remark next to it.
        var label: String
        var detail = ""
    }

    /// The word as it was typed.
    var word: Range<TextEditor.Position>
    var candidates: [Candidate]
    /// The candidate that is in the input; nil while the typed word is.
    var shown: Int?
}

/// What keys do while candidates are shown. Any other key closes the list and does what it does in the input.
enum CompletionAction: Sendable, Equatable {
    case cycle(Int), take, cancel
}

/// A folder to be listed, because a path in it is being completed.
public struct FolderRequest: Sendable, Equatable {
    /// With a slash at its end; empty for the working directory.
    public var folder: String
    /// What the names begin with, ignoring case.
    public var prefix: String
    /// The word that is being completed, including the at sign of a mention.
    var word: Range<TextEditor.Position>
    var isMention: Bool
    var revision: TextEditor.Revision

    public static func == (a: FolderRequest, b: FolderRequest) -> Bool {
        a.folder == b.folder && a.prefix == b.prefix && a.word == b.word && a.isMention == b.isMention
            && a.revision === b.revision
    }
}

/// An item of a folder.
public struct FolderEntry: Sendable, Equatable {
    public var name: String
    public var isFolder: Bool
    /// For files.
    public var byteCount: Int?

    public init(name: String, isFolder: Bool, byteCount: Int? = nil) {
        self.name = name
        self.isFolder = isFolder
        self.byteCount = byteCount
    }
}

extension Composer {
    /// Replaces the word with the only candidate; with several, completes what they share and shows the list.
    ///
    /// - Returns: false if there are no candidates.
    fileprivate mutating func offer(
        _ candidates: [Completion.Candidate], replacing word: Range<TextEditor.Position>
    ) -> Bool {
        switch candidates.count {
        case 0: return false
        case 1: input.replace(word, with: candidates[0].text)
        default:
            var word = word
            let typed = input.text(from: word.lowerBound, to: word.upperBound)
            let shared = candidates.dropFirst().reduce(candidates[0].text) {
                $0.commonPrefixIgnoringCase(with: $1.text)
            }
            if shared.count > typed.count {
                input.replace(word, with: shared)
                word = word.lowerBound..<input.cursor
            }
            completion = Completion(word: word, candidates: candidates)
        }
        return true
    }

    /// Shows another candidate, wrapping around at the ends.
    fileprivate mutating func cycleCompletion(_ step: Int) {
        guard var running = completion else { return }
        let count = running.candidates.count
        let next = running.shown.map { ($0 + step + count) % count } ?? (step > 0 ? 0 : count - 1)
        // A single undo brings back what was typed, however many candidates were shown.
        if running.shown != nil { input.perform(.undo) }
        input.replace(running.word, with: running.candidates[next].text)
        running.shown = next
        completion = running
    }

    fileprivate mutating func cancelCompletion() {
        if completion?.shown != nil { input.perform(.undo) }
        completion = nil
    }

    /// The column of the at sign that the word at the end of a line begins with.
    fileprivate func mentionStart(in before: ArraySlice<Character>) -> Int? {
        let characters = Array(before)
        let quoted = characters.indices.last { characters[$0] == "@" && characters[($0 + 1)...].first == "\"" }
        let plain = (characters.lastIndex(where: \.isWhitespace) ?? -1) + 1
        if let quoted, !characters[(quoted + 2)...].contains("\"") { return quoted }
        return characters[plain...].first == "@" ? plain : nil
    }

    /// Starts the completion of the path before the cursor.
    ///
    /// - Parameter start: the word's column, that of the at sign for a mention.
    fileprivate mutating func requestFolder(from start: Int, isMention: Bool) -> FolderRequest {
        let word = input.lines[input.cursor.line][start..<input.cursor.column].drop {
            isMention && "@\"".contains($0)
        }
        let slash = word.lastIndex(of: "/").map { $0 + 1 } ?? word.startIndex
        let position = TextEditor.Position(line: input.cursor.line, column: start)
        let request = FolderRequest(
            folder: String(word[..<slash]), prefix: String(word[slash...]), word: position..<input.cursor,
            isMention: isMention, revision: input.revision)
        draft.listing = request
        return request
    }

    /// Whether a listing is still wanted: the text is the one it was requested for.
    fileprivate mutating func acceptListing(for request: FolderRequest) -> Bool {
        guard request == draft.listing, request.revision === input.revision, completion == nil else { return false }
        draft.listing = nil
        return true
    }
}

extension FolderRequest {
    fileprivate func candidate(for entry: FolderEntry) -> Completion.Candidate {
        let path = folder + entry.name + (entry.isFolder ? "/" : "")
        let needsQuotes = isMention && path.contains(where: \.isWhitespace)
        let end = entry.isFolder ? "" : needsQuotes ? "\" " : isMention ? " " : ""
        return Completion.Candidate(
            text: (isMention ? needsQuotes ? "@\"" : "@" : "") + path + end,
            label: entry.name + (entry.isFolder ? "/" : ""),
            detail: entry.byteCount.map(ByteText.size) ?? "")
    }
}

extension AppState {
    /// Completes the word before the cursor, or goes to another candidate.
    mutating func complete(_ step: Int) -> [Effect] {
        if composer.completion != nil {
            composer.cycleCompletion(step)
            return []
        }
        if composer.isCommand, composer.input.cursor.line == 0 {
            return completeCommand(String(composer.textBeforeCursor))
        }
        guard let sign = composer.mentionStart(in: composer.textBeforeCursor) else { return [] }
        return [.listFolder(composer.requestFolder(from: sign, isMention: true))]
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
        guard let command = CommandTable.command(named: SlashCommandLine.split(before).name) else { return [] }
        let typed = String(before[blank...].drop(while: \.isWhitespace))
        let start = before.count - typed.count
        let known = command.complete(self, typed).filter { $0.lowercased().hasPrefix(typed.lowercased()) }
        if known.isEmpty, let path = command.fileStart(in: typed) {
            return [.listFolder(composer.requestFolder(from: start + path, isMention: false))]
        }
        offer(known.map { Completion.Candidate(text: $0, label: label($0, typed)) }, from: start, typed: typed)
        return []
    }

    /// Words that are already typed are not repeated in the list: of `top_p 0.9` only the value is shown.
    private func label(_ candidate: String, _ typed: String) -> String {
        guard let blank = typed.lastIndex(of: " "), SettingCommands.isValue(typed) else {
            return candidate[...].trimmed
        }
        return candidate.dropFirst(typed.distance(from: typed.startIndex, to: blank) + 1).trimmed
    }

    private mutating func offer(_ candidates: [Completion.Candidate], from column: Int, typed: String) {
        let fitting = candidates.filter { $0.text.lowercased().hasPrefix(typed.lowercased()) }
        let start = TextEditor.Position(line: composer.input.cursor.line, column: column)
        offer(fitting, replacing: start..<composer.input.cursor)
    }

    private mutating func offer(_ candidates: [Completion.Candidate], replacing word: Range<TextEditor.Position>) {
        if !composer.offer(candidates, replacing: word) { notify(.info, "No completions") }
    }

    /// Completes a path from the listing of its folder.
    mutating func applyFolderListing(_ entries: [FolderEntry], for request: FolderRequest) {
        guard composer.acceptListing(for: request) else { return }
        offer(entries.map(request.candidate), replacing: request.word)
    }

    mutating func runCompletionAction(_ action: CompletionAction) -> [Effect] {
        guard let running = composer.completion else { return [] }
        switch action {
        case .cycle(let step): composer.cycleCompletion(step)
        case .take:
            composer.completion = nil
            // In a message it takes the candidate, since the message may continue; a command runs at once.
            if composer.isCommand || running.shown == nil { return submitInput() }
        case .cancel: composer.cancelCompletion()
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
