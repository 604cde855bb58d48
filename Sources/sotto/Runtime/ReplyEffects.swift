import Chat
import ChatApp
import Providers
import Replies

/// Starts and stops replies and inspections. Only the latest of each is wanted; starting one cancels the one before.
struct ReplyEffects {
    private let provider: any Provider
    private let mailbox: Mailbox
    /// The settings of the running reply and those to come.
    let settings: LiveSettings
    private var reply: (id: ReplyID, cancellation: Cancellation)?
    private var inspection: (id: InspectionID, cancellation: Cancellation)?

    init(provider: any Provider, settings: LiveSettings, mailbox: Mailbox) {
        self.provider = provider
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
        Task { [provider, mailbox] in
            do {
                try await provider.reply(to: request) { mailbox.post(.reply(start.id, $0)) }
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
        Task { [provider, mailbox] in
            do {
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
