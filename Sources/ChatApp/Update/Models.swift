import Chat

/// What becomes known about models.
extension AppState {
    /// Chooses the model that `/model` is waiting for; a session without one gets its default.
    mutating func applyModelList(_ models: [ModelInfo]) -> [Effect] {
        library.setModels(models, of: ModelReference.localProvider)
        library.hasListedModels = true
        screen.notices.withdraw(.listing)
        var effects: [Effect] = []
        if let name = library.soughtModel {
            library.soughtModel = nil
            do throws(CommandError) {
                effects = try chooseModel(named: name)
            } catch {
                notify(.warning, error.description)
            }
        }
        if session.record.model == nil, let model = library.defaultModel {
            session.record.model = model
            screen.notices.withdraw(.model)
            // Nobody has chosen it, so it is not remembered: the preferred one may only be missing today.
            effects = [.useModel(model)]
            let changes = adoptModelSettings(after: nil)
            if !changes.isEmpty {
                notify(.info, "Settings of \(displayName(of: model)) apply: \(changes.joined(separator: ", "))")
                effects.append(.changeSettings(session.record.settings))
            }
        }
        guard composer.sendsWhenModelComes, session.record.model != nil, !composer.input.isEmpty else { return effects }
        composer.sendsWhenModelComes = false
        return effects + submitDraft()
    }

    /// Nothing waits for the list any longer; what was listed before stays.
    mutating func failModelList(_ reason: String) {
        library.hasListedModels = true
        library.soughtModel = nil
        composer.sendsWhenModelComes = false
        notify(.error, "Could not list the models: \(reason)", about: .listing)
    }

    /// Records which file replies, and warns if it is not the one the session was written with.
    mutating func applyFingerprint(of model: ModelReference) {
        guard let before = session.record.model, before.hasSameName(as: model) else { return }
        screen.notices.withdraw(.model)
        if let fingerprint = before.fingerprint, fingerprint != model.fingerprint {
            let name = displayName(of: model)
            notify(
                .warning, "This is not the \(name) file the session started with; answers may differ", about: .model)
        }
        session.record.model = model
        session.applyFingerprintToReply(model)
    }

    /// Warns once about what is wrong with the user's table.
    mutating func applyRecommendations(_ models: [RecommendedModel], _ problems: [String]) {
        library.recommended = models
        for problem in problems where !library.recommendationProblems.contains(problem) {
            notify(.warning, problem, about: .program)
        }
        library.recommendationProblems = problems
    }
}
