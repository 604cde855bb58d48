import Chat
import Foundation
import TUI

/// Everything the screen shows and the keys act on.
public struct AppState: Sendable {
    public internal(set) var size: Size
    /// When the latest event came.
    public internal(set) var now: Date

    public internal(set) var session: ChatSession
    public internal(set) var reply: RunningReply?
    /// Tokens of the model's window in use after the latest reply.
    public internal(set) var context: ContextUse?

    public internal(set) var models: [ModelInfo] = []
    public internal(set) var sessions: [SessionSummary] = []
    public internal(set) var presets: [Preset] = []
    public internal(set) var themes: [Theme]
    /// The one that the screen wears: the chosen one, or the one that is looked at in the list of themes.
    public internal(set) var theme: Theme
    /// The chosen one.
    var themeName: String
    private(set) var colorDepth: ColorDepth

    /// Whether the mouse scrolls and selects here, or is left to the terminal.
    public internal(set) var capturesMouse: Bool

    /// The draft. Nothing but the person's own keys takes it away.
    public internal(set) var input = TextEditor() { didSet { writing.isTouched = true } }
    /// Files that go with it.
    public internal(set) var attachments: [Attachment] = [] { didSet { writing.isTouched = true } }
    public internal(set) var notices = NoticeQueue()

    /// Whether replies are shown as they were written.
    var showsSource = false
    /// Whether a link can be followed where its text stands.
    let terminalFollowsLinks: Bool

    var transcript = Transcript()
    var scroll = Scroll.following
    /// The message that keys act on; nil while they go to the input.
    var selection: Message.ID?
    var lastClick: Click?
    var search: Search?
    var unsaved: Unsaved?
    /// The message whose text stands in the input.
    var edit: MessageEdit?
    /// What was deleted since the session was opened, the latest last.
    var deletions: [Conversation.Removal] = []
    /// The block of code that was copied last.
    var copiedBlock: (message: Message.ID, number: Int)?
    var thoughts = Thoughts()
    /// Nothing was being written when another session was asked for: what is typed until it comes is meant for it.
    var typesAhead = false
    var panel: Panel?
    /// How many notices there were when the last key was pressed.
    var noticesBeforeKey = 0
    /// What help was opened over.
    var panelBehind: Panel?
    /// Tokens per second of the latest replies on this computer, by `ModelReference.key`.
    var speeds: [String: Double] = [:]
    var foundSessions: FoundSessions?
    /// What is searched for in a session once it is open: it was found by that.
    var findOnOpening: (session: SessionSummary.ID, text: String)?
    /// The ends of sessions that were looked at.
    var sessionPreviews: [SessionVersion: [SessionPreview.Line]] = [:]
    /// The session whose preview is being read, and as of when.
    var requestedPreview: SessionVersion?
    /// What was deleted from lists, the latest last.
    var listDeletions: [ListDeletion] = []
    var tokens = TokenLog()
    /// Whether replies are coloured by the probability of their tokens, where these are known.
    var showsProbabilities = false
    var inspection: RunningInspection?
    var inspectionCount = 0
    /// Whether the engine has been told that the sampling panel is open.
    var isWatching = false
    var history = InputHistory()
    /// The search in it; nil while none is going on.
    var historySearch: HistorySearch?
    var completion: Completion?
    var writing = WritingState()
    /// Ctrl-C was pressed while nothing was going on; once more leaves.
    var isLeaving = false
    /// The name given to `/model`, while the models are listed to find it.
    var soughtModel: String?
    /// Enter was pressed before there was a model, and nothing since.
    var sendsWhenModelComes = false
    /// Whether `models` are those there are; before that they are still looked for.
    var hasListedModels = false
    /// The model that a session without one gets, where it is among those found.
    let preferredModel: String?
    /// The model that can be fetched where there is none.
    let offer: ModelOffer?
    public internal(set) var download: RunningDownload?
    var replyCount = 0
    let timeZone: TimeZone
    let layouts = LayoutCache()
    /// Of branches side by side, in columns of another width.
    let sideLayouts = LayoutCache()
    let tokenLayouts = TokenLayoutCache()
    let tints = TintCache()

    /// - Parameters:
    ///   - session: the one to open with.
    ///   - themes: those found; `theme` names the one to show, else it is the first.
    ///   - colorDepth: how many colours the terminal shows.
    ///   - history: what was sent in earlier runs, the oldest first.
    ///   - terminalFollowsLinks: whether the terminal knows hyperlinks, so that addresses need not be shown.
    ///   - preferredModel: the one that a session without a model gets, where it is found.
    ///   - offer: the model that can be fetched.
    ///   - timeZone: in which times of day are shown.
    public init(
        session: ChatSession, themes: [Theme] = [.minimal], theme: String? = nil, colorDepth: ColorDepth = .trueColor,
        history: [String] = [], size: Size, terminalFollowsLinks: Bool = false, preferredModel: String? = nil,
        offer: ModelOffer? = nil, timeZone: TimeZone = .current,
        capturesMouse: Bool = true, now: Date
    ) {
        self.history = InputHistory(history)
        self.session = session
        self.themes = themes.isEmpty ? [.minimal] : themes
        let chosen = self.themes.first { $0.name == theme } ?? self.themes[0]
        themeName = chosen.name
        self.theme = chosen.adapted(to: colorDepth)
        self.colorDepth = colorDepth
        self.size = size
        self.terminalFollowsLinks = terminalFollowsLinks
        self.preferredModel = preferredModel
        self.offer = offer
        self.timeZone = timeZone
        self.capturesMouse = capturesMouse
        self.now = now
        transcript = Transcript(session.conversation)
        tellThemeProblems()
    }

    /// When the chat wants `AppEvent.tick` although nothing happened; nil when it can sleep until the next event.
    public var nextTick: Date? {
        let due = [reply == nil ? notices.expiry : now + 0.25, writing.nextDue]
        return due.compactMap(\.self).min()
    }

    /// How many bodies of messages were laid out so far: what drawing has cost.
    public var layoutCount: Int { layouts.count.load(ordering: .relaxed) }

    /// The provider's facts about the session's model; nil when it is not among the models found.
    var modelInfo: ModelInfo? { session.model.flatMap(info) }

    /// The provider's facts about a model; nil when it is not among the models found.
    func info(of reference: ModelReference) -> ModelInfo? { models.first { $0.reference.hasSameName(as: reference) } }
}

/// How much of the model's window is taken, in tokens.
public struct ContextUse: Sendable, Equatable {
    public var used: Int
    public var limit: Int
}
