import Chat
import Foundation
import TUI

/// The chat's complete state: what the screen shows and what keys act on, in five values. Each value's methods change
/// it alone; what changes several of them is in extensions of `AppState`.
public struct AppState: Sendable {
    /// The time of the latest event by the wall clock, which is shown and saved but never compared.
    public internal(set) var now: Date
    /// The time of the latest event, for durations and deadlines.
    public internal(set) var instant: ContinuousClock.Instant
    /// When the chat began.
    let began: ContinuousClock.Instant
    public internal(set) var library: Library
    public internal(set) var session: OpenSession
    public internal(set) var composer: Composer
    var reading = Reading()
    public internal(set) var screen: Screen

    let about: About

    /// What the engine is being asked about the model's next token. Kept when another session opens, because only
    /// changes are sent to the engine.
    var inspector = Inspector()
    /// Replies started so far, in all sessions. Gives each its id, by which late events of earlier ones are recognised.
    var replyCount = 0
    /// Questions about the context asked so far.
    var contextQuestions = 0
    /// What the runtime was asked for and has not answered yet.
    var awaited = AwaitedAnswers()

    /// - Parameters:
    ///   - session: the session to open with.
    ///   - themes: all that were found; `theme` names the one to show, by default the first.
    ///   - colorDepth: how many colours the terminal shows.
    ///   - history: what was sent in earlier runs, oldest first.
    ///   - terminalFollowsLinks: whether the terminal supports hyperlinks, so that addresses need not be shown.
    ///   - providers: the local engine and the services, in the order of lists.
    ///   - preferredModel: the model that a session without one gets, if it is found.
    ///   - defaultDownload: the model that is downloaded when there is none.
    ///   - modelsFolder: the user's folder for models.
    ///   - timeZone: the time zone of displayed times.
    ///   - about: what `/about` shows.
    ///   - isPlain: whether there is no screen; panels are then printed by `PlainChat`.
    public init(
        session: SessionRecord, themes: [Theme] = [.minimal], theme: String? = nil, colorDepth: ColorDepth = .trueColor,
        history: [String] = [], size: Size, terminalFollowsLinks: Bool = false, providers: [ProviderProfile] = [],
        preferredModel: String? = nil,
        defaultDownload: RecommendedModel? = nil, modelsFolder: String = "", timeZone: TimeZone = .current,
        capturesMouse: Bool = true, about: About = About(), isPlain: Bool = false, now: Date,
        instant: ContinuousClock.Instant = .now
    ) {
        self.now = now
        self.instant = instant
        began = instant
        self.about = about
        let themes = themes.isEmpty ? [.minimal] : themes
        library = Library(
            themes: themes, providers: providers, preferredModel: preferredModel,
            defaultDownload: defaultDownload, modelsFolder: modelsFolder)
        self.session = OpenSession(session)
        composer = Composer(history: history)
        screen = Screen(
            size: size, theme: themes.first { $0.name == theme } ?? themes[0], colorDepth: colorDepth,
            terminalFollowsLinks: terminalFollowsLinks, capturesMouse: capturesMouse, timeZone: timeZone,
            isPlain: isPlain)
        reportThemeProblems()
    }

    /// When the chat needs `AppEvent.tick` even if nothing happens; nil if it can sleep until the next event.
    public var nextTick: ContinuousClock.Instant? {
        let due = [session.reply == nil ? screen.notices.expiry : instant + .milliseconds(250), composer.draft.nextDue]
        return due.compactMap(\.self).min()
    }

    /// How many message bodies have been laid out so far: a measure of what drawing costs.
    public var layoutCount: Int { screen.layouts.count.load(ordering: .relaxed) }

    /// The provider's facts about the session's model; nil if it is not among the models found.
    var modelInfo: ModelInfo? { session.record.model.flatMap(library.info) }
}
