import Chat
import Foundation
import TUI

/// What is known about the draft besides its text: whether it is on disk, how long it is, which files it names.
struct WritingState: Sendable {
    /// The input or its attachments have been touched since the last event.
    var isTouched = false

    /// When the draft is to be written to disk; nil while what is there is what stands in the input.
    var saveDue: Date?
    var isOnDisk = false

    /// When the text is to be counted and the files that it names looked at; nil while there is nothing new.
    var countDue: Date?
    /// The text that was looked at last.
    var looked: TextEditor.Revision?
    /// The question that has not been answered yet, and whether the text has changed since.
    var question: Int?
    var isOutdated = false
    var questions = 0
    var count: DraftCount?
    /// Tokens of the conversation before the draft, with its head then, where no reply has told.
    var counted: (head: Message.ID?, tokens: Int)?

    /// What is known of the files that the text names, by the words that name them, and those that go with it.
    var mentions: [String: Mention] = [:]
    var named: [Attachment] = []
    /// Words of the draft that look like paths, of which it was said that no file is there.
    var toldMissing: Set<String> = []
    /// When the word at the cursor is taken for whole, because the person pauses.
    var pauseDue: Date?
    /// Enter was pressed, and files that the text names are looked at first.
    var isSending = false
    /// The folder that a path is being completed in.
    var listing: FolderRequest?

    /// When something is to be done though nothing happens.
    var nextDue: Date? { [saveDue, countDue, pauseDue].compactMap(\.self).min() }

    /// Seconds from a change to the disk, and to a new count.
    static let saveDelay: TimeInterval = 1
    static let countDelay: TimeInterval = 0.3
    static let pause: TimeInterval = 1
    /// Texts longer than this are counted only when the person pauses.
    static let longText = 20_000
}

extension AppState {
    /// What has to be done about the draft and the history after an event.
    ///
    /// - Parameter isLast: the chat is about to end.
    mutating func noteWriting(isLast: Bool) -> [Effect] {
        var effects = composer.history.takeNew().map(Effect.remember)
        if composer.writing.isTouched {
            composer.writing.isTouched = false
            if isDraftEmpty {
                composer.writing.saveDue = nil
                composer.writing.countDue = nil
                composer.writing.count = nil
                composer.writing.looked = nil
                composer.writing.mentions = [:]
                composer.writing.named = []
                composer.writing.toldMissing = []
                composer.writing.pauseDue = nil
                if composer.writing.isOnDisk { effects.append(forgetDraft()) }
            } else {
                if composer.writing.saveDue == nil { composer.writing.saveDue = now + WritingState.saveDelay }
                if composer.writing.looked !== composer.input.revision, composer.writing.countDue == nil || isLong {
                    composer.writing.countDue = now + WritingState.countDelay
                    composer.writing.pauseDue = nil
                }
                nameFiles()
            }
        }
        if let due = composer.writing.saveDue, now >= due || isLast { effects += keepDraft() }
        if let due = composer.writing.countDue, now >= due { effects += lookAtDraft() }
        if let due = composer.writing.pauseDue, now >= due {
            composer.writing.pauseDue = nil
            effects += readMentions(.everyWord)
        }
        return effects
    }

    var isDraftEmpty: Bool { composer.input.isEmpty && composer.attachments.isEmpty && composer.edit == nil }

    private var isLong: Bool { composer.input.lines.reduce(0) { $0 + $1.count } > WritingState.longText }

    /// Counts the text and looks at the files that it names.
    private mutating func lookAtDraft() -> [Effect] {
        composer.writing.countDue = nil
        composer.writing.looked = composer.input.revision
        if wordAtCursor != nil { composer.writing.pauseDue = now + WritingState.pause }
        return readMentions(.wholeWords) + countDraft()
    }
}
