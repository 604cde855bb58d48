extension AppState {
    /// What has to be done about the draft and the history after an event.
    mutating func noteWriting() -> [Effect] {
        composer.history.takeNew().map(Effect.remember)
    }
}
