import Chat
import TUI

/// What there is to choose from: models, sessions, presets and themes, and what is known about them.
public struct Library: Sendable {
    public internal(set) var models: [ModelInfo] = []
    /// Whether `models` has been listed; until then the models are still being looked for.
    var hasListedModels = false
    /// The name given to `/model`, while the models are listed again to find it.
    var soughtModel: String?
    /// The model that a session without one gets, if it is found.
    let preferredModel: String?
    /// The model that can be downloaded when there is none.
    let offer: ModelOffer?
    public internal(set) var download: RunningDownload?
    /// Tokens per second of the latest replies on this computer, by `ModelReference.key`.
    var speeds: [String: Double] = [:]

    public internal(set) var presets: [Preset] = []
    public internal(set) var themes: [Theme]

    /// The latest first.
    public internal(set) var sessions: [SessionSummary] = []
    var foundSessions: FoundSessions?
    /// What to search for in a session once it is open, because it was found by that text.
    var findOnOpening: (session: SessionSummary.ID, text: String)?
    /// The ends of the sessions that have been previewed.
    var sessionPreviews: [SessionVersion: [SessionPreview.Line]] = [:]
    /// The session whose preview is being read, and its version.
    var requestedPreview: SessionVersion?
    /// What was deleted from lists, the latest last.
    var listDeletions: [ListDeletion] = []

    init(themes: [Theme], preferredModel: String?, offer: ModelOffer?) {
        self.themes = themes
        self.preferredModel = preferredModel
        self.offer = offer
    }
}
