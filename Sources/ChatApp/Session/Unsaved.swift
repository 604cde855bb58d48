/// That the session could not be written to disk: told before it is left behind.
public struct Unsaved: Sendable, Equatable {
    /// Why, in one line.
    var reason: String
    /// The person was told and may leave all the same.
    var isTold = false
}

extension AppState {
    /// What became of saving the session; nil where it is on disk.
    mutating func receive(saving problem: String?) {
        guard let problem else {
            if session.unsaved != nil { notify(.info, "the session is saved again") }
            session.unsaved = nil
            return
        }
        if session.unsaved?.reason != problem { notify(.error, problem) }
        session.unsaved = Unsaved(reason: problem, isTold: session.unsaved?.isTold ?? false)
    }

    /// The first time that the person would leave a session which is not on disk: tries to save it once more, and says so
    /// instead.
    mutating func holdBack() -> [Effect]? {
        guard let unsaved = session.unsaved, !unsaved.isTold else { return nil }
        self.session.unsaved?.isTold = true
        notify(.error, "this conversation is not saved: \(unsaved.reason); the same once more leaves it as it is")
        return save()
    }
}
