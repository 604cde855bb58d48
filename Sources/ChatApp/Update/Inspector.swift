import Chat
import Replies
import Sampling

/// Identifies an inspection, so that late answers to one that is no longer wanted can be dropped.
public struct InspectionID: Hashable, Sendable {
    public var number: Int
    public init(number: Int) { self.number = number }
}

/// What the engine is being asked for the open panel.
struct Inspector: Sendable {
    var running: RunningInspection?
    /// Inspections started so far.
    var count = 0
    /// Whether the engine knows that the sampling panel is open.
    var isWatching = false
}

/// The inquiry in progress.
struct RunningInspection: Sendable {
    var id: InspectionID
    var inquiry: Inquiry
    /// Tokens read so far and in total; nil until the first are.
    var progress: (done: Int, total: Int)?
}

extension AppState {
    /// Requests what the open panel needs to know, and stops what is no longer needed. Waits while a reply is generated:
    /// the engine does one thing at a time, and the reply comes first.
    mutating func inspectAsNeeded() -> [Effect] {
        var effects: [Effect] = []
        let watches = watchesNextToken
        if watches != inspector.isWatching {
            inspector.isWatching = watches
            effects.append(.watchNextToken(watches))
        }
        let wanted = wantedInquiry
        if let running = inspector.running, running.inquiry != wanted {
            effects.append(.stopInspection(running.id))
            inspector.running = nil
        }
        if inspector.running == nil, let wanted, let start = startInspection(wanted) {
            inspector.running = RunningInspection(id: start.id, inquiry: wanted)
            effects.append(.inspect(start))
        }
        return effects
    }

    private mutating func startInspection(_ inquiry: Inquiry) -> InspectionStart? {
        let path = session.record.conversation.path
        guard let model = session.record.model, let last = path.firstIndex(where: { $0.id == inquiry.position.message })
        else {
            return nil
        }
        let known = session.continuedTokens(of: inquiry.position.message, by: model)
        let continued = inquiry.position.tokens.map { Array((known ?? []).prefix($0)) } ?? known
        var settings = session.record.settings
        if inquiry.aim == .lastMessage, let origin = path[last].origin { settings.sampling = origin.settings.sampling }
        inspector.count += 1
        return InspectionStart(
            id: InspectionID(number: inspector.count), aim: inquiry.aim, model: model, system: session.record.system,
            messages: Array(path[...last]), continued: continued, settings: settings)
    }

    mutating func applyInspectionEvent(_ event: InspectionEvent, of id: InspectionID) {
        guard let running = inspector.running, running.id == id else { return }
        switch event {
        case .progress(let done, let total): inspector.running?.progress = (done, total)
        case .nextToken(let next):
            inspector.running = nil
            showInPanel(.nextToken(next, .position(running.inquiry.position)))
        case .tokens(let found):
            inspector.running = nil
            if found.isEmpty { return showInPanel(.problem("This message has no tokens to show")) }
            if let model = session.record.model {
                session.tokens.set(found, for: running.inquiry.position.message, by: model)
            }
        }
    }

    mutating func failInspection(_ id: InspectionID, _ reason: String) {
        guard inspector.running?.id == id else { return }
        inspector.running = nil
        showInPanel(.problem(reason))
    }
}
