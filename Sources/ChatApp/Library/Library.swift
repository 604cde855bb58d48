import Chat
import TUI

/// What there is to choose from: models, sessions, presets and themes, and what is known about them.
public struct Library: Sendable {
    /// Local models first, then those of services that have been listed.
    public internal(set) var models: [ModelInfo] = []
    /// The local engine and all services, in the order of lists.
    public internal(set) var providers: [ProviderProfile]
    /// The ids of services that nobody configured: they were found on this computer.
    var foundServices: Set<String> = []
    /// What is known about the models of each service, by its id.
    var services: [String: ServiceListing] = [:]
    /// Whether listing the models has ended; until then they are still being looked for.
    var hasListedModels = false
    /// The name given to `/model`, while the models are listed again to find it.
    var soughtModel: String?
    /// The model that the user has chosen last; new sessions get it. nil if none has been chosen since the start.
    var chosenModel: ModelReference?
    /// The name of the model that a session without one gets when the models are listed, if it is among them.
    let preferredModel: String?
    /// The model that is downloaded when there is none; its title is its name once it is here.
    let defaultDownload: RecommendedModel?
    /// The user's folder for models.
    let modelsFolder: String
    /// Well-known models that can be fetched.
    var recommended: [RecommendedModel] = []
    /// What is wrong with their table, one line each.
    var recommendationProblems: [String] = []
    /// The address for which a plan was asked last.
    var plannedAddress: String?
    public internal(set) var pull: RunningPull?
    /// Decode speeds on this machine.
    var speeds = ModelSpeeds()

    public internal(set) var presets: [Preset] = []
    public internal(set) var themes: [Theme]

    /// The latest first.
    public internal(set) var sessions: [SessionSummary] = []
    /// The deleted sessions that can be restored, the latest first; empty before they were listed.
    var trash: [SessionSummary] = []
    /// The text that the sessions were searched for last.
    var searchedText: String?
    /// The answer to that search; nil while there is none.
    var foundSessions: FoundSessions?
    /// What to search for in a session once it is open, because it was found by that text.
    var findOnOpening: (session: SessionSummary.ID, text: String)?
    /// The ends of the sessions that have been previewed.
    var sessionPreviews: [SessionVersion: [SessionPreview.Line]] = [:]
    /// The session whose preview is being read, and its version.
    var requestedPreview: SessionVersion?
    /// What was deleted from lists, the latest last.
    var listDeletions: [ListDeletion] = []

    init(
        themes: [Theme], providers: [ProviderProfile], preferredModel: String?,
        defaultDownload: RecommendedModel?, modelsFolder: String
    ) {
        self.themes = themes
        self.providers = providers
        self.preferredModel = preferredModel
        self.defaultDownload = defaultDownload
        self.modelsFolder = modelsFolder
    }

    /// Whether the models have been listed and none can be used.
    var hasNoUsableModel: Bool { hasListedModels && !models.contains { $0.problem == nil } }

    /// The preferred model, else the first local one that can be used. A service is not asked whether it still has the
    /// preferred model, and never becomes the default by itself.
    var defaultModel: ModelReference? {
        if let preferredModel {
            let preferred = ModelReference(named: preferredModel, providers: providers.map(\.id))
            if preferred.provider != ModelReference.localProvider { return preferred }
        }
        let usable = models.filter { $0.problem == nil && $0.reference.provider == ModelReference.localProvider }
        return (usable.first { $0.reference.name == preferredModel } ?? usable.first)?.reference
    }

    /// The provider's facts about a model; nil if it was not found.
    func info(of reference: ModelReference) -> ModelInfo? {
        models.first { $0.reference.hasSameName(as: reference) }
    }

    /// Updates a session's row in the list from the session as it is saved.
    mutating func updateSummary(of record: SessionRecord) {
        guard let index = sessions.firstIndex(where: { $0.id == record.id }) else { return }
        sessions[index].title = record.title
        sessions[index].updated = record.updated
        sessions[index].model = record.model?.name
        sessions[index].messageCount = record.conversation.messages.count
    }
}
