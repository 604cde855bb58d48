import Chat

/// What becomes known about models.
extension AppState {
    /// Chooses the model that `/model` is waiting for; a session without one gets its default.
    mutating func applyModelList(_ models: [ModelInfo]) -> [Effect] {
        library.setModels(models, of: ModelReference.localProvider)
        library.hasListedModels = true
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
            setModel(model)
            effects = [.chooseModel(model)]
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
        notify(.error, "Could not list the models: \(reason)")
    }

    /// Records which file replies, and warns if it is not the one the session was written with.
    mutating func applyFingerprint(of model: ModelReference) {
        guard let before = session.record.model, before.hasSameName(as: model) else { return }
        if let fingerprint = before.fingerprint, fingerprint != model.fingerprint {
            let name = displayName(of: model)
            notify(.warning, "This is not the \(name) file the session started with; answers may differ")
        }
        setModel(model)
        session.applyFingerprintToReply(model)
    }

    // MARK: Download

    mutating func startDownload() throws(CommandError) -> [Effect] {
        guard let offer = library.offer else { throw CommandError("There is no model to download") }
        if library.download != nil {
            throw CommandError("The model is already being downloaded. Press Esc or use /stop to cancel")
        }
        if library.models.contains(where: { $0.reference.text == offer.name && $0.problem == nil }) {
            throw CommandError("\(offer.name) is already installed; use /model \(offer.name)")
        }
        library.download = RunningDownload(total: offer.bytes)
        screen.notices.dismissAll()
        return [.downloadModel]
    }

    mutating func stopDownload() -> [Effect] {
        library.download?.isStopping = true
        return [.stopDownload]
    }

    mutating func applyDownloadEvent(_ event: DownloadEvent) -> [Effect] {
        guard library.download != nil else { return [] }
        switch event {
        case .progress(let bytes, let total):
            library.download?.progress(bytes, of: total, now: now)
        case .checking: library.download?.isChecking = true
        case .finished:
            library.download = nil
            library.soughtModel = library.offer?.name
            return [.listModels]
        case .stopped:
            library.download = nil
            notify(.info, "Download cancelled; partial files removed")
        case .failed(let reason):
            library.download = nil
            notify(.error, reason)
        }
        return []
    }
}
