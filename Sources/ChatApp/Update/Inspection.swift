import Chat
import Sampling

/// Identifies an inspection, so that late answers to one that is no longer wanted can be dropped.
public struct InspectionID: Hashable, Sendable {
    public var number: Int
    public init(number: Int) { self.number = number }
}

/// A position in the conversation: after a message, or after a number of tokens of a reply.
struct TokenPlace: Sendable, Equatable {
    var message: Message.ID
    var tokens: Int?
}

/// What the open panel needs to know from the engine.
struct Inquiry: Sendable, Equatable {
    var aim: InspectionAim
    var place: TokenPlace
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
        traceNextToken()
        var effects: [Effect] = []
        let watches = screen.panel?.kind == .sampling
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

    private var wantedInquiry: Inquiry? {
        guard session.reply == nil else { return nil }
        switch screen.panel {
        case .sampling(let panel):
            guard panel.problem == nil, let place = panel.place else { return nil }
            return panel.moment?.origin == .place(place) ? nil : Inquiry(aim: .nextToken, place: place)
        case .tokens(let panel):
            guard panel.problem == nil, session.tokens[panel.message] == nil else { return nil }
            return Inquiry(aim: .lastMessage, place: TokenPlace(message: panel.message))
        default: return nil
        }
    }

    private mutating func startInspection(_ inquiry: Inquiry) -> InspectionStart? {
        let path = session.record.conversation.path
        guard let model = session.record.model, let last = path.firstIndex(where: { $0.id == inquiry.place.message })
        else {
            return nil
        }
        let known = session.continuedTokens(of: inquiry.place.message, by: model)
        let continued = inquiry.place.tokens.map { Array((known ?? []).prefix($0)) } ?? known
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
            show(next, as: .place(running.inquiry.place))
        case .tokens(let found):
            inspector.running = nil
            if found.isEmpty { return showInspectionProblem("This message has no tokens to show") }
            if let model = session.record.model {
                session.tokens.set(found, for: running.inquiry.place.message, by: model)
            }
        }
    }

    mutating func failInspection(_ id: InspectionID, _ reason: String) {
        guard inspector.running?.id == id else { return }
        inspector.running = nil
        showInspectionProblem(reason)
    }

    private mutating func showInspectionProblem(_ problem: String) {
        switch screen.panel {
        case .sampling(var panel):
            panel.problem = problem
            screen.panel = .sampling(panel)
        case .tokens(var panel):
            panel.problem = problem
            screen.panel = .tokens(panel)
        default: break
        }
    }
}
