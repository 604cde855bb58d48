import Chat
import ChatApp
import Files
import Foundation
import Providers
import Sessions

/// Lists, loads, unloads, describes and fetches models.
struct ModelEffects: Sendable {
    private let registry: ProviderRegistry
    private let services: ServiceSetup
    private let settings: LiveSettings
    private let catalogue: Catalogue
    private let speedFile: SpeedFile
    private var speeds: ModelSpeeds
    private let preferences: PreferenceStore
    private let mailbox: Mailbox
    /// The latest plan and the latest pull.
    private var plan: PullTask?
    private var pull: PullTask?
    /// Lists local models again when they change on disk.
    private var watch: Task<Void, Never>?

    init(
        registry: ProviderRegistry, services: ServiceSetup, catalogue: Catalogue, settings: LiveSettings,
        preferences: PreferenceStore, mailbox: Mailbox
    ) {
        self.registry = registry
        self.services = services
        self.settings = settings
        self.catalogue = catalogue
        speedFile = catalogue.speedFile
        speeds = speedFile.load()
        self.preferences = preferences
        self.mailbox = mailbox
    }

    /// Lists local models, and those of services on this computer as they answer. Nobody waits for a slow one.
    mutating func list() {
        if watch == nil { watch = watchModels() }
        startListing()
    }

    private func startListing() {
        Task {
            let (models, problems) = catalogue.recommendations()
            mailbox.post(.recommendationsLoaded(models, problems: problems))
            await listLocalModels()
        }
        Task {
            let found = await services.findServers(besides: registry.profiles)
            registry.add(found.map(\.complete))
            mailbox.post(.servicesFound(found.map(\.profile)))
            for profile in registry.profiles where profile.place.isThisComputer { listService(profile.id) }
        }
    }

    private func listLocalModels() async {
        do {
            let local = ModelReference(provider: ModelReference.localProvider, name: "")
            mailbox.post(.modelsLoaded(try await registry.provider(of: local).models()))
        } catch {
            mailbox.post(.modelsFailed("\(error)"))
        }
    }

    /// Looks every two seconds, away from the chat's thread, whether models have changed on disk.
    private func watchModels() -> Task<Void, Never> {
        Task { [discovery = catalogue.models] in
            var watch = await DiskQueue.read { ModelWatch(discovery) }
            while (try? await Task.sleep(for: .seconds(2))) != nil {
                let (next, hasChanged) = await DiskQueue.read { [watch] in
                    var next = watch
                    let hasChanged = next.hasChanged()
                    return (next, hasChanged)
                }
                watch = next
                if hasChanged { await listLocalModels() }
            }
        }
    }

    func listService(_ id: String) {
        Task {
            do {
                let provider = try registry.provider(of: ModelReference(provider: id, name: ""))
                mailbox.post(.serviceModelsLoaded(id, try await provider.models()))
            } catch {
                mailbox.post(.serviceModelsFailed(id, "\(error)"))
            }
        }
    }

    /// Remembers the model for new sessions, and uses it.
    func choose(_ model: ModelReference) {
        preferences.update { $0.model = model.text }
        use(model)
    }

    /// A local model is loaded before its first reply. A service is not contacted yet.
    func use(_ model: ModelReference) {
        if model.provider == ModelReference.localProvider { load(model) }
    }

    /// Loads a model, so that the user does not have to wait for it later, and finds out which file it is.
    func load(_ model: ModelReference, isAnnounced: Bool = false) {
        Task {
            do {
                let provider = try registry.provider(
                    of: model, as: (any ModelResidency).self, for: "Loading models ahead of a reply")
                try await provider.load(model, settings: settings.current)
                if isAnnounced { mailbox.post(.notice(Notice(.info, "\(model.name) is loaded"))) }
                if let identified = await (provider as? any Fingerprinting)?.identified(model) {
                    mailbox.post(.modelIdentified(identified))
                }
            } catch {
                mailbox.post(.notice(Notice(.error, "\(error)", cause: .model)))
            }
        }
    }

    /// In a task of its own, like `describe`.
    func chooseTemplate(_ file: String?, for model: ModelReference) {
        Task {
            do {
                let provider = try registry.provider(
                    of: model, as: (any TemplateChoosing).self, for: "Choosing a chat template")
                let path = file.map { UserPath($0).absolute }
                try await provider.chooseTemplate(path, for: model)
                let used = path.map { "the chat template in \($0)" } ?? "its own chat template"
                mailbox.post(.notice(Notice(.info, "\(model.name) uses \(used) from the next reply on")))
            } catch {
                mailbox.post(.notice(Notice(.error, "\(error)")))
            }
        }
    }

    func unload(_ model: ModelReference) async throws {
        let provider = try registry.provider(of: model, as: (any ModelResidency).self, for: "Unloading models")
        let wasLoaded = try await provider.unload(model)
        let text = wasLoaded ? "Unloaded \(model.name)" : "\(model.name) is not loaded"
        mailbox.post(.notice(Notice(.info, text)))
    }

    mutating func rememberSpeed(_ speed: Double, of model: ModelReference) {
        speeds.add(speed, of: model)
        speedFile.save(speeds)
        mailbox.post(.speedsLoaded(speeds))
    }

    /// Only the latest plan is wanted.
    mutating func planPull(_ address: String) {
        plan?.stop()
        plan = PullTask(.plan, address, PullSetup(home: catalogue.home), mailbox: mailbox)
    }

    mutating func startPull(_ address: String) {
        pull = PullTask(.fetch, address, PullSetup(home: catalogue.home), mailbox: mailbox)
    }

    func stopPull() { pull?.stop() }

    /// Stops a pull and waits until its files are as they should stay.
    func finish() async {
        watch?.cancel()
        plan?.stop()
        await pull?.end()
    }

    /// In a task of its own: the engine may be busy with a reply, which the user must be able to stop.
    func describe(_ description: ModelDescription) {
        Task {
            do {
                let (title, text) = try await text(of: description)
                mailbox.post(.document(title: title, text: text))
            } catch let error as ModelNameError where error.isNormal {
                mailbox.post(.notice(Notice(.info, "\(error)")))
            } catch {
                mailbox.post(.notice(Notice(.error, "\(error)")))
            }
        }
    }

    private func text(of description: ModelDescription) async throws -> (title: String, text: String) {
        let settings = settings.current
        switch description {
        case .template(let model):
            return ("Chat template", try await describing(model, "Chat templates").template(of: model))
        case .prompt(let model, let system, let messages):
            let prompt = try await describing(model, "The prompt as the model reads it").prompt(
                of: model, system: system, messages: messages, settings: settings)
            let remarks = prompt.remarks.map { "(\($0))\n" }.joined()
            return ("Prompt", remarks.isEmpty ? prompt.text : remarks + "\n" + prompt.text)
        case .license(let model): return ("License", try await describing(model, "Licenses").license(of: model))
        case .context(let model, let system, let messages):
            let (tokens, limit) = try await describing(model, "The length of the prompt").promptLength(
                of: model, system: system, messages: messages, settings: settings)
            return ("Context", ContextReport.text(tokens: tokens, limit: limit, messages: messages.count))
        }
    }

    private func describing(_ model: ModelReference, _ purpose: String) throws(ProviderError) -> any Describing {
        try registry.provider(of: model, as: (any Describing).self, for: purpose)
    }
}
