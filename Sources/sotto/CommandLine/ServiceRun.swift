import Chat
import Foundation
import Replies
import Services

/// One reply of a service to one prompt, for `sotto run`.
struct ServiceRun: Sendable {
    let provider: ServiceProvider
    let model: ModelReference
    let system: String?
    let settings: GenerationSettings

    /// Checks the settings, then streams the reply. Ctrl-C stops it.
    func events(prompt: String) throws -> AsyncThrowingStream<ReplyEvent, any Error> {
        try checkSettings()
        let message = Message(
            id: Message.ID(rawValue: "m1"), parent: nil, role: .user, created: Date(), content: prompt)
        let request = ReplyRequest(
            model: model, system: system, messages: [message], settings: LiveSettings(settings))
        return AsyncThrowingStream { continuation in
            let interrupts = InterruptHandler { request.cancellation.cancel() }
            let task = Task {
                do {
                    try await provider.reply(to: request) { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
                interrupts.cancel()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// A value outside the service's range is an error, a setting that it lacks is reported and not sent.
    private func checkSettings() throws {
        let standard = GenerationSettings()
        for row in SettingTable.rows where row.value(in: settings) != row.value(in: standard) {
            let value = row.value(in: settings)
            guard provider.profile.settings.isAvailable(row) else {
                if value != row.off {
                    StandardError.writeLine("sotto: \(row.command) is not available from \(provider.profile.title)")
                }
                continue
            }
            var checked = settings
            if value != row.off { try provider.profile.settings.narrowed(row).set(value, in: &checked) }
        }
    }
}
