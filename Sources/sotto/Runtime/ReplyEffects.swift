import Chat
import ChatApp
import Replies

/// Starts and stops replies and inspections. Only the latest of each is wanted; starting one cancels the one before.
struct ReplyEffects {
    private let registry: ProviderRegistry
    private let mailbox: Mailbox
    /// The settings of the running reply and those to come.
    let settings: LiveSettings
    private var reply: (id: ReplyID, cancellation: Cancellation)?
    private var inspection: (id: InspectionID, cancellation: Cancellation)?

    init(registry: ProviderRegistry, settings: LiveSettings, mailbox: Mailbox) {
        self.registry = registry
        self.settings = settings
        self.mailbox = mailbox
    }

    mutating func start(_ start: ReplyStart) {
        settings.current = start.settings
        let request = ReplyRequest(
            model: start.model, system: start.system, messages: start.messages, continued: start.continued,
            settings: settings)
        reply?.cancellation.cancel()
        reply = (start.id, request.cancellation)
        Task { [registry, mailbox] in
            do {
                try await registry.provider(of: start.model).reply(to: request) { mailbox.post(.reply(start.id, $0)) }
            } catch {
                mailbox.post(.replyFailed(start.id, "\(error)"))
            }
        }
    }

    func stop(_ id: ReplyID) {
        if let reply, reply.id == id { reply.cancellation.cancel() }
    }

    mutating func inspect(_ start: InspectionStart) {
        let request = ReplyRequest(
            model: start.model, system: start.system, messages: start.messages, continued: start.continued,
            settings: LiveSettings(start.settings))
        inspection?.cancellation.cancel()
        inspection = (start.id, request.cancellation)
        Task { [registry, mailbox] in
            do {
                let provider = try registry.provider(
                    of: start.model, as: (any Inspecting).self, for: "Token probabilities")
                for try await event in provider.inspect(start.aim, request) {
                    mailbox.post(.inspection(start.id, event))
                }
            } catch {
                mailbox.post(.inspectionFailed(start.id, "\(error)"))
            }
        }
    }

    func stopInspection(_ id: InspectionID) {
        if let inspection, inspection.id == id { inspection.cancellation.cancel() }
    }

    func stopAll() {
        reply?.cancellation.cancel()
        inspection?.cancellation.cancel()
    }
}
