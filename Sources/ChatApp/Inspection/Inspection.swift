import Chat
import Sampling

/// Tells inspections apart, so that late answers to one that is no longer wanted can be dropped.
public struct InspectionID: Hashable, Sendable {
    public var number: Int
    public init(number: Int) { self.number = number }
}

/// A place in the conversation: behind a message, or behind so many tokens of a reply.
struct TokenPlace: Sendable, Equatable {
    var message: Message.ID
    var tokens: Int?
}

/// What is to be found out for the open panel.
struct Inquiry: Sendable, Equatable {
    var aim: InspectionAim
    var place: TokenPlace
}

/// The inquiry that is under way.
struct RunningInspection: Sendable {
    var id: InspectionID
    var inquiry: Inquiry
    /// Tokens read of all; nil until the first are.
    var progress: (done: Int, total: Int)?
}

extension AppState {
    /// Starts what the open panel needs to know, and stops what none needs any more. Nothing is asked while a reply is
    /// made: the engine does one thing at a time, and the reply comes first.
    mutating func inspectAsNeeded() -> [Effect] {
        traceNextToken()
        var effects: [Effect] = []
        let watches = panel?.kind == .sampling
        if watches != isWatching {
            isWatching = watches
            effects.append(.watchNextToken(watches))
        }
        let wanted = wantedInquiry
        if let running = inspection, running.inquiry != wanted {
            effects.append(.stopInspection(running.id))
            inspection = nil
        }
        if inspection == nil, let wanted, let start = start(wanted) {
            inspection = RunningInspection(id: start.id, inquiry: wanted)
            effects.append(.inspect(start))
        }
        return effects
    }

    private var wantedInquiry: Inquiry? {
        guard reply == nil else { return nil }
        switch panel {
        case .sampling(let panel):
            guard panel.problem == nil, let place = panel.place else { return nil }
            return panel.moment?.origin == .place(place) ? nil : Inquiry(aim: .nextToken, place: place)
        case .tokens(let panel):
            guard panel.problem == nil, tokens[panel.message] == nil else { return nil }
            return Inquiry(aim: .lastMessage, place: TokenPlace(message: panel.message))
        default: return nil
        }
    }

    private mutating func start(_ inquiry: Inquiry) -> InspectionStart? {
        let path = session.conversation.path
        guard let model = session.model, let last = path.firstIndex(where: { $0.id == inquiry.place.message }) else {
            return nil
        }
        let known = continuedTokens(of: inquiry.place.message, by: model)
        let continued = inquiry.place.tokens.map { Array((known ?? []).prefix($0)) } ?? known
        var settings = session.settings
        if inquiry.aim == .lastMessage, let origin = path[last].origin { settings.sampling = origin.settings.sampling }
        inspectionCount += 1
        return InspectionStart(
            id: InspectionID(number: inspectionCount), aim: inquiry.aim, model: model, system: session.system,
            messages: Array(path[...last]), continued: continued, settings: settings)
    }

    mutating func receive(_ event: InspectionEvent, of id: InspectionID) {
        guard let running = inspection, running.id == id else { return }
        switch event {
        case .progress(let done, let total): inspection?.progress = (done, total)
        case .nextToken(let next):
            inspection = nil
            show(next, as: .place(running.inquiry.place))
        case .tokens(let found):
            inspection = nil
            if found.isEmpty { return note(problem: "there is nothing in this message to read") }
            if let model = session.model { tokens.set(found, for: running.inquiry.place.message, by: model) }
        }
    }

    mutating func failInspection(_ id: InspectionID, _ reason: String) {
        guard inspection?.id == id else { return }
        inspection = nil
        note(problem: reason)
    }

    private mutating func note(problem: String) {
        switch panel {
        case .sampling(var panel):
            panel.problem = problem
            self.panel = .sampling(panel)
        case .tokens(var panel):
            panel.problem = problem
            self.panel = .tokens(panel)
        default: break
        }
    }
}
