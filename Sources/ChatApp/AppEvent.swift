import Chat
import Replies
import TUI

/// Everything that can happen to the chat.
public enum AppEvent: Sendable {
    case key(Key)
    /// A line that starts with a slash is to be run as a command, even while a message is edited.
    case command(String)
    /// The choice with this number, from 0, of the page that plain mode shows.
    case choose(Int)
    /// Closes everything over the input, so that the next key goes to it.
    case returnToInput
    /// Plain mode's input has ended.
    case endOfInput
    case resize(Size)
    /// Time has passed; sent when `AppState.nextTick` comes due.
    case tick

    case reply(ReplyID, ReplyEvent)
    /// The reply ended with an error, described in one line. No further events of this reply follow.
    case replyFailed(ReplyID, String)

    case inspection(InspectionID, InspectionEvent)
    /// The inspection ended with an error, described in one line.
    case inspectionFailed(InspectionID, String)

    case modelsLoaded([ModelInfo])
    /// The models could not be listed, with the reason in one line.
    case modelsFailed(String)
    /// Services that run on this computer, found without configuration.
    case servicesFound([ProviderProfile])
    /// The models of a service, by its id.
    case serviceModelsLoaded(String, [ModelInfo])
    /// A service could not list its models, with the reason in one line.
    case serviceModelsFailed(String, String)
    /// What happens to a plan or a pull, by the address that was asked for.
    case pull(String, PullEvent)
    /// The table of recommended models, and what is wrong with it, one line each.
    case recommendationsLoaded([RecommendedModel], problems: [String])
    /// A model with the current fingerprint of its file.
    case modelIdentified(ModelReference)
    case presetsLoaded([Preset])
    /// All themes. If the user asked for them (`isAsked`), problems of the chosen one are reported.
    case themesLoaded([Theme], isAsked: Bool = false)
    case sessionsListed([SessionSummary])
    /// The deleted sessions that can be restored.
    case trashListed([SessionSummary])
    /// The sessions that contain the text of `SessionTask.search`.
    ///
    /// - Parameter isComplete: whether all sessions were searched.
    case sessionsFound(query: String, [SessionMatch], isComplete: Bool = true)
    case sessionPreviewed(SessionPreview)
    /// Measured decode speeds.
    case speedsLoaded(ModelSpeeds)
    /// The session that `Effect.loadSession` requested.
    case sessionLoaded(SessionRecord)
    /// The result of `Effect.saveSession`: sent when it fails, and when it works again (nil).
    case saved(problem: String?)
    /// A longer text that `Effect.describe` requested, to be read in a panel.
    case document(title: String, text: String)
    /// The draft after the user has edited it in their editor.
    case draftEdited(String)
    /// The draft that was saved when the session was last open.
    case draftLoaded(SessionRecord.ID, Draft)
    /// The answer to `Effect.countDraft`; nil if it could not be counted.
    case draftCounted(number: Int, DraftCount?)
    /// The answer to `Effect.measureContext`; nil if it could not be found out.
    case contextMeasured(number: Int, ContextUse?)
    case fileRead(FileRequest, FileReading)
    case folderListed(FolderRequest, [FolderEntry])
    /// The program is about to end; no events follow.
    case ending
    case notice(Notice)
    /// What became of a text that was to be copied.
    case copied(CopyReport)
}

/// Identifies a reply, so that late events of one that is no longer wanted can be dropped.
public struct ReplyID: Hashable, Sendable {
    public var number: Int
    public init(number: Int) { self.number = number }
}
