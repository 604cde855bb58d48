import ChatApp
import Sessions

/// The preferences of the running chat, saved with every change. Used by the effects only, one after another.
struct PreferenceStore: Sendable {
    let home: SottoHome
    let mailbox: Mailbox

    /// Changes what is in the file now: another chat may have changed it since this one began.
    func update(_ change: (inout Preferences) -> Void) {
        do {
            if let damaged = try Preferences.update(in: home, change) {
                mailbox.post(
                    .notice(Notice(.warning, "Your preferences could not be read; the file is now \(damaged)")))
            }
        } catch {
            mailbox.post(.notice(Notice(.warning, "Could not save your preferences: \(error)", cause: .program)))
        }
    }
}
