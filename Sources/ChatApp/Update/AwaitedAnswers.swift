/// The answers that the runtime still owes to effects. Plain mode waits for them before it prints a list and before it
/// accepts the next message.
struct AwaitedAnswers: Sendable {
    enum Answer: Sendable {
        case session, models, plan, service, sessions, trash, search, themes, file, document, copy
        /// A notice, or the list of sessions.
        case result
    }

    private var answers: Set<Answer> = []

    var isEmpty: Bool { answers.isEmpty }

    func contains(_ answer: Answer) -> Bool { answers.contains(answer) }

    mutating func expect(_ effects: [Effect]) {
        for effect in effects {
            if effect.opensSession { answers.insert(.session) }
            switch effect {
            case .newSession: answers.insert(.session)
            case .listModels: answers.insert(.models)
            case .planPull: answers.insert(.plan)
            case .listServiceModels: answers.insert(.service)
            case .listSessions, .deleteSession: answers.insert(.sessions)
            case .session(.search): answers.insert(.search)
            case .session(.listTrash): answers.insert(.trash)
            case .session(.preview): break
            case .session, .exportPreset, .importPreset, .loadModel, .unloadModel, .chooseTemplate:
                answers.insert(.result)
            case .loadThemes: answers.insert(.themes)
            case .readFile: answers.insert(.file)
            case .describe: answers.insert(.document)
            case .copy: answers.insert(.copy)
            default: break
            }
        }
    }

    mutating func settle(by event: AppEvent) {
        if answers.isEmpty { return }
        switch event {
        case .sessionLoaded: answers.remove(.session)
        case .modelsLoaded, .modelsFailed: answers.remove(.models)
        case .pull(_, .planned), .pull(_, .failed): answers.remove(.plan)
        case .serviceModelsLoaded, .serviceModelsFailed: answers.remove(.service)
        case .document: answers.remove(.document)
        case .copied: answers.remove(.copy)
        case .sessionsListed: answers.subtract([.sessions, .result])
        case .trashListed: answers.remove(.trash)
        case .sessionsFound: answers.remove(.search)
        case .themesLoaded: answers.remove(.themes)
        case .fileRead: answers.remove(.file)
        // An error can be the answer to anything.
        case .notice(let notice): if notice.kind == .error { answers = [] } else { answers.remove(.result) }
        default: break
        }
    }
}

extension AppState {
    /// Whether the chat is working or waiting for something, so that a new message has to wait.
    public var isBusy: Bool { isWorking || !awaited.isEmpty || !library.hasListedModels || inspector.running != nil }
}
