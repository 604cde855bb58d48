import Chat
import TUI

extension PanelKind {
    static let models: PanelKind = .init(name: "models", key: .function(2), summary: "models", context: .list) {
        state in
        state.openList(.models)
        return [.listModels]
    }
}

extension ListSource {
    fileprivate static let models: ListSource = .init(
        kind: .models, title: "Models", empty: "No models found", verb: "switch", entries: { $0.modelEntries })
}

extension AppState {
    /// Local models, then each service's, or how to get them.
    var modelEntries: [ListEntry] {
        let services = library.providers.filter { $0.place != .here }
        let known = Set(services.map(\.id))
        return library.models.filter { !known.contains($0.reference.provider) }.map(modelEntry)
            + services.flatMap { service in
                library.models.filter { $0.reference.provider == service.id }.map(modelEntry)
                    + (serviceEntry(service).map { [$0] } ?? [])
            }
    }

    private func modelEntry(_ model: ModelInfo) -> ListEntry {
        let profile = library.profile(of: model.reference)
        let service = profile.flatMap { $0.place == .here ? nil : $0 }
        let details: [String?] = [
            service?.title, speed(of: model.reference).flatMap(Format.rate), model.architecture,
            model.parameters.map(Format.parameters), model.fileBytes.map(Format.bytes), model.format,
            model.contextLength.map { "\(Format.tokens($0)) ctx" }, model.price.map(CostText.price),
            model.isLoaded == true ? "loaded" : nil,
        ]
        return ListEntry(
            title: displayName(of: model.reference),
            aliases: service == nil ? [] : [model.reference.text],
            details: model.problem.map { [$0] } ?? details.compactMap(\.self), problem: model.problem,
            isCurrent: session.record.model?.hasSameName(as: model.reference) == true,
            choice: .model(model.reference))
    }

    /// A service whose models are not known (yet); nil if nothing is to be said. One on this computer that does not
    /// answer is not running.
    private func serviceEntry(_ service: ProviderProfile) -> ListEntry? {
        let status = library.services[service.id] ?? .unasked
        guard status != .listed, let host = service.remoteHost else { return nil }
        let details: [String] =
            switch status {
            case .unasked, .listed: ["→ \(host)", "Enter lists models"]
            case .listing: ["listing …"]
            case .failed(let reason): [reason]
            }
        return ListEntry(
            title: service.title, aliases: [service.id], details: details, choice: .serviceModels(service.id))
    }

    func servicePreview(_ id: String, width: Int) -> [StyledLine] {
        guard let service = library.profile(named: id) else { return [] }
        var page = PreviewPage(width: width)
        page.title(service.title)
        page.row("host", service.remoteHost)
        if case .failed(let reason) = library.services[id] ?? .unasked { page.text(reason, .warning) }
        page.text("Enter asks the service for its models. /model \(id):NAME chooses one by name", .muted)
        return page.lines
    }

    func modelPreview(_ reference: ModelReference, width: Int) -> [StyledLine] {
        guard let model = library.info(of: reference) else { return [] }
        var page = PreviewPage(width: width)
        page.title(displayName(of: reference))
        if let problem = model.problem {
            page.text(problem, .warning)
        } else {
            page.row("architecture", model.architecture)
            page.row("format", model.format)
            page.row("parameters", model.parameters.map(Format.parameters))
            page.row("size", model.fileBytes.map(Format.bytes))
            page.row("trained context", model.contextLength.map { Format.count($0, "token") })
            page.row("memory", model.memory.map(memory))
            page.row("input", model.price.map { CostText.perMillion($0.input) })
            page.row("cached input", model.price?.cachedInput.map(CostText.perMillion))
            page.row("output", model.price.map { CostText.perMillion($0.output) })
            page.row("price of", model.price.map { "\($0.date), \($0.source)" })
            page.row("measured speed", speed(of: reference).flatMap(Format.rate) ?? "not measured yet")
        }
        if let profile = library.profile(of: reference), profile.place != .here {
            page.row("service", profile.title)
            page.row("name", reference.text)
        }
        page.row("path", model.path)
        return page.lines
    }

    private func memory(_ need: ModelInfo.MemoryNeed) -> String {
        let context = need.contextLength > 0 ? " for \(Format.tokens(need.contextLength)) tokens" : ""
        let needed = "\(Format.bytes(need.byteCount))\(context)"
        return need.byteCount <= need.available
            ? needed : "needs \(needed), only \(Format.bytes(need.available)) available"
    }

    /// Tokens per second of the model's latest replies on this computer; nil if there were none.
    private func speed(of model: ModelReference) -> Double? { library.speeds[model] }
}
