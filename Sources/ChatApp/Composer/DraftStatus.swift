import Chat
import TUI

/// What is known about the draft besides its text: whether it is on disk, how long it is, which files it names.
struct DraftStatus: Sendable {
    /// The input or its attachments have changed since the last event.
    var isTouched = false

    /// When the draft is to be written to disk; nil while the file matches the input.
    var saveDue: ContinuousClock.Instant?
    var isOnDisk = false

    /// When to count the text and look for the files it names; nil while nothing has changed.
    var countDue: ContinuousClock.Instant?
    /// The revision of the text that was inspected last.
    var inspectedRevision: TextEditor.Revision?
    /// The number of the question that has not been answered yet, and whether the text has changed since it was asked.
    var pendingQuestion: Int?
    var isQuestionOutdated = false
    var questionCount = 0
    var count: DraftCount?
    /// Tokens of the conversation before the draft, with its head at that time. Used until a reply has reported the
    /// context in use.
    var conversationCount: (head: Message.ID?, tokens: Int)?

    /// What is known about the files that the text may name, by the word that names them.
    var mentions: [String: Mention] = [:]
    /// The files that the text names and that are sent with it.
    var namedFiles: [Attachment] = []
    /// Words of the draft that look like paths and were reported once as missing files.
    var reportedMissing: Set<String> = []
    /// When the word at the cursor counts as complete, because the user has paused.
    var pauseDue: ContinuousClock.Instant?
    /// Enter was pressed, and the files that the text names are being read first.
    var isSending = false
    /// The folder in which a path is being completed.
    var listing: FolderRequest?

    /// When the next of these is due.
    var nextDue: ContinuousClock.Instant? { [saveDue, countDue, pauseDue].compactMap(\.self).min() }

    /// The time from a change to saving, and to counting.
    static let saveDelay = Duration.seconds(1)
    static let countDelay = Duration.milliseconds(300)
    static let pause = Duration.seconds(1)
    /// Longer texts, in characters, are counted only when the user pauses.
    static let longText = 20_000
}

extension Composer {
    /// Schedules what a change to the draft requires.
    ///
    /// - Returns: whether the draft on disk must be removed, because nothing is left of it.
    fileprivate mutating func scheduleDraftWork(now: ContinuousClock.Instant) -> Bool {
        guard draft.isTouched else { return false }
        draft.isTouched = false
        guard !isDraftEmpty else {
            draft.saveDue = nil
            draft.countDue = nil
            draft.count = nil
            draft.inspectedRevision = nil
            draft.mentions = [:]
            draft.namedFiles = []
            draft.reportedMissing = []
            draft.pauseDue = nil
            return draft.isOnDisk
        }
        if draft.saveDue == nil { draft.saveDue = now + DraftStatus.saveDelay }
        if draft.inspectedRevision !== input.revision, draft.countDue == nil || hasLongText {
            draft.countDue = now + DraftStatus.countDelay
            draft.pauseDue = nil
        }
        updateNamedFiles()
        return false
    }

    private var hasLongText: Bool { input.lines.reduce(0) { $0 + $1.count } > DraftStatus.longText }
}

extension AppState {
    /// Runs after every event: remembers what was sent, and saves, counts and inspects the draft when that is due.
    ///
    /// - Parameter isLast: the chat is about to end, so the draft is saved now.
    mutating func processDraft(isLast: Bool) -> [Effect] {
        var effects = composer.history.takeNew().map(Effect.remember)
        if composer.scheduleDraftWork(now: instant) { effects.append(removeSavedDraft()) }
        if let due = composer.draft.saveDue, instant >= due || isLast { effects += saveDraft() }
        if let due = composer.draft.countDue, instant >= due { effects += inspectDraft() }
        if let due = composer.draft.pauseDue, instant >= due {
            composer.draft.pauseDue = nil
            effects += readMentions(.everyWord)
        }
        return effects
    }

    /// Counts the text and reads the files it names.
    private mutating func inspectDraft() -> [Effect] {
        composer.draft.countDue = nil
        composer.draft.inspectedRevision = composer.input.revision
        if composer.mentionAtCursor != nil { composer.draft.pauseDue = instant + DraftStatus.pause }
        return readMentions(.completeWords) + countDraft()
    }
}
