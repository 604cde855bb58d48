import Chat
import ChatApp
import Foundation
import Providers
import Sessions

/// Lists, loads, unloads, describes and downloads models.
struct ModelEffects: Sendable {
    private let provider: LocalProvider
    private let settings: LiveSettings
    private let folder: URL
    private let speedFile: SpeedFile
    private var speeds: ModelSpeeds
    private let preferences: PreferenceStore
    private let mailbox: Mailbox
    /// The latest download.
    private var download: DownloadTask?

    init(
        provider: LocalProvider, catalogue: Catalogue, settings: LiveSettings, preferences: PreferenceStore,
        mailbox: Mailbox
    ) {
        self.provider = provider
        self.settings = settings
        folder = URL(filePath: catalogue.home.models)
        speedFile = catalogue.speedFile
        speeds = speedFile.load()
        self.preferences = preferences
        self.mailbox = mailbox
    }

    func list() {
        Task {
            do {
                mailbox.post(.modelsLoaded(try await provider.models()))
            } catch {
                mailbox.post(.modelsFailed("\(error)"))
            }
        }
    }

    func choose(_ model: ModelReference) {
        preferences.update { $0.model = model.name }
        load(model)
    }

    /// Loads a model before its first reply, so that the user does not have to wait then, and computes its fingerprint.
    func load(_ model: ModelReference, isAnnounced: Bool = false) {
        Task {
            do {
                let engine = try await provider.engine(for: model, contextLength: settings.current.contextLength)
                await LocalProvider.preload(engine.model, isCancelled: { false }, progress: { _ in })
                if isAnnounced { mailbox.post(.notice(Notice(.info, "\(model.name) is loaded"))) }
                if let identified = await provider.identified(model) { mailbox.post(.modelIdentified(identified)) }
            } catch {
                mailbox.post(.notice(Notice(.error, "\(error)")))
            }
        }
    }

    func unload(_ model: ModelReference) async throws {
        let wasLoaded = try await provider.unload(model)
        let text = wasLoaded ? "Unloaded \(model.name)" : "\(model.name) is not loaded"
        mailbox.post(.notice(Notice(.info, text)))
    }

    mutating func rememberSpeed(_ speed: Double, of model: ModelReference) {
        speeds.add(speed, of: model)
        speedFile.save(speeds)
        mailbox.post(.speedsLoaded(speeds))
    }

    mutating func startDownload() { download = DownloadTask(into: folder, mailbox: mailbox) }

    func stopDownload() { download?.stop() }

    /// Stops a download and waits until its files are removed.
    func finish() async { await download?.end() }

    /// In a task of its own: the engine may be busy with a reply, which the user must be able to stop.
    func describe(_ description: ModelDescription) {
        Task {
            do {
                let (title, text) = try await text(of: description)
                mailbox.post(.document(title: title, text: text))
            } catch {
                mailbox.post(.notice(Notice(.error, "\(error)")))
            }
        }
    }

    private func text(of description: ModelDescription) async throws -> (title: String, text: String) {
        let settings = settings.current
        switch description {
        case .template(let model): return ("Chat template", try await provider.template(of: model))
        case .prompt(let model, let system, let messages):
            let text = try await provider.prompt(
                of: model, system: system, messages: messages, thinking: settings.thinking)
            return ("Prompt", text)
        case .license(let model): return ("License", try await provider.license(of: model))
        case .context(let model, let system, let messages):
            let (tokens, limit) = try await provider.promptLength(
                of: model, system: system, messages: messages, settings: settings)
            return ("Context", ContextReport.text(tokens: tokens, limit: limit, messages: messages.count))
        }
    }
}
