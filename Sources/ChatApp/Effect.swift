import Chat

/// What the chat asks the runtime to do. Effects of one update are started in their order.
public enum Effect: Sendable, Equatable {
    /// Make a reply; its events come back as `AppEvent.reply`.
    case startReply(ReplyStart)
    /// Cancel it. Its stream still ends with `finished`.
    case stopReply(ReplyID)
    /// The settings of the running reply and of the ones to come.
    case changeSettings(GenerationSettings)
    /// The streaming reply as it stands, for the session's journal. Comes with every piece; the runtime flushes the
    /// latest about every second.
    case journal(session: SessionRecord.ID, message: Message)

    /// Write the session to disk; before the next effect where that is a reply.
    case saveSession(SessionRecord)
    /// Give this empty session an id of its own; answered by `sessionLoaded`.
    case newSession(SessionRecord)
    /// Read a session; answered by `sessionLoaded` or an error notice.
    case loadSession(SessionSummary.ID)
    /// Move a session to the trash; answered by `sessionsListed`.
    case deleteSession(SessionSummary.ID)
    case listSessions
    case session(SessionTask)
    case listModels
    /// Fetch the model that is offered; its events come back as `AppEvent.download`.
    case downloadModel
    case stopDownload
    /// The model for the replies to come, so that it can be loaded ahead and remembered.
    case chooseModel(ModelReference)
    /// Read a model into memory without choosing it, or let go of it.
    case loadModel(ModelReference)
    case unloadModel(ModelReference)
    /// A reply by this model was written at so many tokens per second.
    case rememberSpeed(ModelReference, Double)
    case chooseTheme(String)
    /// Read the theme files; answered by `themesLoaded`.
    case loadThemes(isAsked: Bool)
    /// Read the presets; answered by `presetsLoaded`.
    case loadPresets
    /// Write a preset; answered by `presetsLoaded`.
    case savePreset(Preset)
    /// Remove one of the person's own; answered by `presetsLoaded`.
    case deletePreset(String)
    /// Write a preset to a file that is not there yet; answered by a notice.
    case exportPreset(String, file: String)
    /// Take a preset from a file; answered by `presetsLoaded` and a notice.
    case importPreset(String)
    /// Answered by `document` or an error notice.
    case describe(ModelDescription)
    /// Put text on the clipboard.
    case copy(String)
    /// Show text in the person's pager, which has the terminal meanwhile.
    case page(String)
    /// Whether the mouse is the program's or the terminal's; remembered.
    case captureMouse(Bool)
    /// Sends every cell to the terminal again.
    case redraw
    /// Hand the draft to the person's editor, which has the terminal meanwhile; answered by `draftEdited`.
    case editDraft(String)
    /// Keep the draft on disk, or (nil) take it off.
    case saveDraft(session: SessionRecord.ID, DraftSnapshot?)
    case countDraft(DraftQuestion)
    /// Answered by `fileRead`.
    case readFile(FileRequest)
    /// Answered by `folderListed`.
    case listFolder(FolderRequest)
    /// Keep what was sent for later runs.
    case remember(String)
    /// Find out what a panel shows of the model's thoughts; answered by `AppEvent.inspection`.
    case inspect(InspectionStart)
    case stopInspection(InspectionID)
    /// Whether the running reply and those to come tell of their next token now and then.
    case watchNextToken(Bool)
    case quit
}

/// A reply to be made: all that `ReplyRequest` needs. The runtime puts `settings` where `changeSettings` can reach
/// them.
public struct ReplyStart: Sendable, Equatable {
    public var id: ReplyID
    public var model: ModelReference
    public var system: String?
    public var messages: [Message]
    /// The tokens of the last message, where the reply goes on with it and they are known.
    public var continued: [Int32]?
    public var settings: GenerationSettings
}

/// A look at what the model thinks of a conversation.
public struct InspectionStart: Sendable, Equatable {
    public var id: InspectionID
    public var aim: InspectionAim
    public var model: ModelReference
    public var system: String?
    public var messages: [Message]
    /// The tokens of the last message, where they are known or only some of them count.
    public var continued: [Int32]?
    public var settings: GenerationSettings
}

/// What can be told about a model that only the provider knows.
public enum ModelDescription: Sendable, Equatable {
    case template(ModelReference)
    /// The prompt as the model would read it now.
    case prompt(ModelReference, system: String?, messages: [Message])
    case license(ModelReference)
    /// How the prompt would fill the model's window.
    case context(ModelReference, system: String?, messages: [Message])
}

extension Effect {
    /// Whether a session that is on disk comes of it: `sessionLoaded`, or an error notice.
    var opensSession: Bool {
        switch self {
        case .loadSession, .session(.duplicate(_, title: _, opens: true)), .session(.importFile): true
        default: false
        }
    }
}
