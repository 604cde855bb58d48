import Chat
import Replies

/// What the chat asks the runtime to do. Effects of one update are started in order.
public enum Effect: Sendable, Equatable {
    /// Generate a reply; its events come back as `AppEvent.reply`.
    case startReply(ReplyStart)
    /// Cancel it. Its stream still ends with `finished`.
    case stopReply(ReplyID)
    /// The settings of the running reply and of those to come.
    case changeSettings(GenerationSettings)
    /// The streaming reply so far, for the session's journal. Comes with every piece of text; the runtime writes the
    /// latest about once a second.
    case journal(session: SessionRecord.ID, message: Message)

    /// Write the session to disk; before the next effect if that is a reply.
    case saveSession(SessionRecord)
    /// Give this empty session an id; answered by `sessionLoaded`.
    case newSession(SessionRecord)
    /// Read a session; answered by `sessionLoaded` or an error notice.
    case loadSession(SessionSummary.ID)
    /// Move a session to the trash; answered by `sessionsListed`.
    case deleteSession(SessionSummary.ID)
    case listSessions
    case session(SessionTask)
    /// The models and services of this computer, and the table of recommended models; answered by
    /// `recommendationsLoaded` and by `modelsLoaded` or `modelsFailed`, then by `servicesFound` and the models of each
    /// service that answers.
    case listModels
    /// Ask a service, by its id; answered by `serviceModelsLoaded` or `serviceModelsFailed`.
    case listServiceModels(String)
    /// Find out what would be fetched; answered by `AppEvent.pull` with `planned` or `failed`.
    case planPull(String)
    /// Fetch a model, or go on where the last try ended; its events come back as `AppEvent.pull`.
    case startPull(String)
    /// Stop fetching. What has arrived stays.
    case stopPull
    /// The user has chosen the model for the replies to come: load it ahead of time, and remember it for new sessions.
    case chooseModel(ModelReference)
    /// The model of the session that was opened: load it ahead of time.
    case useModel(ModelReference)
    /// Load a model into memory without choosing it, or unload it.
    case loadModel(ModelReference)
    case unloadModel(ModelReference)
    /// Use the chat template in a file (nil for the model's own) for this model from now on; answered by a notice.
    case chooseTemplate(String?, ModelReference)
    /// Remember how many tokens per second this model generated in a reply.
    case rememberSpeed(ModelReference, Double)
    case chooseTheme(String)
    /// Read the theme files; answered by `themesLoaded`.
    case loadThemes(isAsked: Bool)
    /// Read the presets; answered by `presetsLoaded`.
    case loadPresets
    /// Write a preset; answered by `presetsLoaded`.
    case savePreset(Preset)
    /// Delete one of the user's own presets; answered by `presetsLoaded`.
    case deletePreset(String)
    /// Write a preset to a file that must not exist; answered by a notice.
    case exportPreset(String, file: String)
    /// Import a preset from a file; answered by `presetsLoaded` and a notice.
    case importPreset(String)
    /// Answered by `document` or an error notice.
    case describe(ModelDescription)
    /// Put text on the clipboard; answered by `copied`, with the name.
    case copy(String, name: String)
    /// Show text in the user's pager, which uses the terminal meanwhile.
    case page(String)
    /// Whether the mouse belongs to the program or to the terminal; remembered.
    case captureMouse(Bool)
    /// Send every cell to the terminal again.
    case redraw
    /// Open the draft in the user's editor, which uses the terminal meanwhile; answered by `draftEdited`.
    case editDraft(String)
    /// Write the draft to disk, or (nil) remove it.
    case saveDraft(session: SessionRecord.ID, DraftSnapshot?)
    case countDraft(DraftQuestion)
    /// Answered by `contextMeasured`.
    case measureContext(ContextQuestion)
    /// Answered by `fileRead`.
    case readFile(FileRequest)
    /// Answered by `folderListed`.
    case listFolder(FolderRequest)
    /// Add what was sent to the history for later runs.
    case remember(String)
    /// Find out what a panel shows about the model's choices; answered by `AppEvent.inspection`.
    case inspect(InspectionStart)
    case stopInspection(InspectionID)
    /// Whether the running reply and those to come report their next token now and then.
    case watchNextToken(Bool)
    case quit
}

/// A reply to be generated: everything that `ReplyRequest` needs. The runtime keeps `settings` where `changeSettings`
/// can reach them.
public struct ReplyStart: Sendable, Equatable {
    public var id: ReplyID
    public var model: ModelReference
    public var system: String?
    public var messages: [Message]
    /// The tokens of the last message, if the reply continues it and they are known.
    public var continued: [Int32]?
    public var settings: GenerationSettings
}

/// A question about the model's probabilities in a conversation.
public struct InspectionStart: Sendable, Equatable {
    public var id: InspectionID
    public var aim: InspectionAim
    public var model: ModelReference
    public var system: String?
    public var messages: [Message]
    /// The tokens of the last message, if they are known or only some of them count.
    public var continued: [Int32]?
    public var settings: GenerationSettings
}

/// Facts about a model that only the provider knows.
public enum ModelDescription: Sendable, Equatable {
    case template(ModelReference)
    /// The prompt as the model would read it now.
    case prompt(ModelReference, system: String?, messages: [Message])
    case license(ModelReference)
    /// How the prompt would fill the model's context.
    case context(ModelReference, system: String?, messages: [Message])
}

extension Effect {
    /// Whether it opens a session that is on disk: the answer is `sessionLoaded` or an error notice.
    var opensSession: Bool {
        switch self {
        case .loadSession, .session(.duplicate(_, title: _, opens: true)), .session(.importFile),
            .session(.restore(_, opens: true)):
            true
        default: false
        }
    }
}
