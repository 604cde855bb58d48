import Chat
import Foundation
import TUI

/// The chat's whole state. Everything the screen shows and the keys act on is in one of its five values.
public struct AppState: Sendable {
    /// When the latest event came.
    public internal(set) var now: Date
    public internal(set) var library: Library
    public internal(set) var session: OpenSession
    public internal(set) var composer: Composer
    var reading = Reading()
    public internal(set) var screen: Screen

    /// What is being asked about the model's next token. Outlives the session: the engine is told of changes only.
    var inspector = Inspector()
    /// Replies started so far, in all sessions: late events of an earlier reply are told apart by it.
    var replyCount = 0

    /// - Parameters:
    ///   - session: the one to open with.
    ///   - themes: those found; `theme` names the one to show, else it is the first.
    ///   - colorDepth: how many colours the terminal shows.
    ///   - history: what was sent in earlier runs, the oldest first.
    ///   - terminalFollowsLinks: whether the terminal knows hyperlinks, so that addresses need not be shown.
    ///   - preferredModel: the one that a session without a model gets, if it is found.
    ///   - offer: the model that can be downloaded.
    ///   - timeZone: in which times of day are shown.
    public init(
        session: SessionRecord, themes: [Theme] = [.minimal], theme: String? = nil, colorDepth: ColorDepth = .trueColor,
        history: [String] = [], size: Size, terminalFollowsLinks: Bool = false, preferredModel: String? = nil,
        offer: ModelOffer? = nil, timeZone: TimeZone = .current,
        capturesMouse: Bool = true, now: Date
    ) {
        self.now = now
        let themes = themes.isEmpty ? [.minimal] : themes
        library = Library(themes: themes, preferredModel: preferredModel, offer: offer)
        self.session = OpenSession(session)
        composer = Composer(history: history)
        screen = Screen(
            size: size, theme: themes.first { $0.name == theme } ?? themes[0], colorDepth: colorDepth,
            terminalFollowsLinks: terminalFollowsLinks, capturesMouse: capturesMouse, timeZone: timeZone)
        tellThemeProblems()
    }

    /// When the chat wants `AppEvent.tick` although nothing happened; nil when it can sleep until the next event.
    public var nextTick: Date? {
        let due = [session.reply == nil ? screen.notices.expiry : now + 0.25, composer.writing.nextDue]
        return due.compactMap(\.self).min()
    }

    /// How many bodies of messages were laid out so far: what drawing has cost.
    public var layoutCount: Int { screen.layouts.count.load(ordering: .relaxed) }

    /// The provider's facts about the session's model; nil when it is not among the models found.
    var modelInfo: ModelInfo? { session.record.model.flatMap(info) }

    /// The provider's facts about a model; nil when it is not among the models found.
    func info(of reference: ModelReference) -> ModelInfo? {
        library.models.first { $0.reference.hasSameName(as: reference) }
    }
}
