import ChatApp
import Sessions
import Synchronization

/// The preferences of the running chat, saved with every change.
final class PreferenceStore: Sendable {
    private let home: SottoHome
    private let current: Mutex<Preferences>
    private let mailbox: Mailbox

    init(_ preferences: Preferences, home: SottoHome, mailbox: Mailbox) {
        current = Mutex(preferences)
        self.home = home
        self.mailbox = mailbox
    }

    func update(_ change: (inout Preferences) -> Void) {
        let changed = current.withLock { preferences -> Preferences? in
            let before = preferences
            change(&preferences)
            return preferences == before ? nil : preferences
        }
        do {
            try changed?.save(to: home)
        } catch {
            mailbox.post(.notice(Notice(.warning, "Could not save your preferences: \(error)", cause: .program)))
        }
    }
}
