import Foundation

/// The chat's whole behaviour: what an event changes, and what it asks the runtime to do. Pure; the clock is `now`.
public func update(_ state: inout AppState, _ event: AppEvent, now: Date) -> [Effect] {
    state.now = now
    return []
}
