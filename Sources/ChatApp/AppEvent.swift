import Chat
import TUI

/// Everything that can happen to the chat.
public enum AppEvent: Sendable {
    case key(Key)
    case resize(Size)
    /// Time has passed; sent when `AppState.nextTick` comes due.
    case tick

    case reply(ReplyID, ReplyEvent)
    /// The reply ended with an error, told in one line. No further events of this reply follow.
    case replyFailed(ReplyID, String)

    case inspection(InspectionID, InspectionEvent)
    /// The inspection ended with an error, told in one line.
    case inspectionFailed(InspectionID, String)

    case modelsLoaded([ModelInfo])
    case download(DownloadEvent)
    /// A model with the fingerprint of its file as it is now.
    case modelIdentified(ModelReference)
    case presetsLoaded([Preset])
    /// The themes there are; `isAsked` where the person asked for them, and is told what is wrong with the chosen one.
    case themesLoaded([Theme], isAsked: Bool = false)
    case sessionsListed([SessionSummary])
    /// Where the text of `SessionTask.search` stands.
    case sessionsFound(query: String, [SessionMatch])
    case sessionPreviewed(SessionPreview)
    /// Measured tokens per second, by `ModelReference.key`.
    case speedsLoaded([String: Double])
    /// The session that `Effect.loadSession` asked for.
    case sessionLoaded(SessionRecord)
    /// What became of `Effect.saveSession`, told where it failed, and when it works again (nil).
    case saved(problem: String?)
    /// A longer text that `Effect.describe` asked for, to be read in a panel.
    case document(title: String, text: String)
    /// The draft as the person's editor left it.
    case draftEdited(String)
    /// What was being written when the session was last open.
    case draftLoaded(SessionRecord.ID, Draft)
    /// The answer to `Effect.countDraft`; nil where nobody can count.
    case draftCounted(number: Int, DraftCount?)
    case fileRead(FileRequest, FileReading)
    case folderListed(FolderRequest, [FolderEntry])
    /// The program is about to end; nothing comes after this.
    case ending
    case notice(Notice)
}

/// Tells replies apart, so that late events of one that is no longer wanted can be dropped.
public struct ReplyID: Hashable, Sendable {
    public var number: Int
    public init(number: Int) { self.number = number }
}
