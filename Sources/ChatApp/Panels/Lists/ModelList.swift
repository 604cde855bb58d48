import Chat
import TUI

extension PanelKind {
    static let models: PanelKind = .init(
        name: "models", key: .function(2), summary: "models", context: .modelList,
        keys: [KeyRow(.models, [.control("g")], .own(ListPanel.Action.pull), "get another model", label: "get")]
    ) { state in
        state.openList(.models)
        return [.listModels]
    }
}

extension KeyContext {
    fileprivate static let modelList = KeyContext(name: "models", isPanel: true, hasLine: true)
}

extension KeyRow.Group {
    fileprivate static let models = KeyRow.Group("Models", in: .modelList)
}

extension ListSource {
    fileprivate static let models: ListSource = .init(
        kind: .models, title: "Models", empty: "No models found", verb: "switch",
        cellAlignments: [.right, .left, .left, .right, .right, .left, .left], entries: { $0.modelEntries })
}

extension AppState {
    /// Local models, then each service's, or how to get them.
    var modelEntries: [ListEntry] {
        let services = library.providers.filter { $0.place != .here }
        let known = Set(services.map(\.id))
        let prediction = SpeedPrediction(library.models, library.speeds)
        func entries(_ isListed: (ModelInfo) -> Bool) -> [ListEntry] {
            library.models.filter(isListed).map { modelEntry($0, prediction) }
        }
        return entries { !known.contains($0.reference.provider) }
            + services.flatMap { service in
                entries { $0.reference.provider == service.id } + (serviceEntry(service).map { [$0] } ?? [])
            }
    }

    private func modelEntry(_ model: ModelInfo, _ prediction: SpeedPrediction) -> ListEntry {
        let profile = library.profile(of: model.reference)
        let service = profile.flatMap { $0.place == .here ? nil : $0 }
        let speed = ModelText.speed(
            measured: library.speeds[model.reference], predicted: prediction.tokensPerSecond(of: model))
        let parameters = model.parameters.map { ModelText.parameters($0, active: model.activeParameters) }
        let source = service?.title ?? model.store?.title
        let remark = memoryRemark(model, prediction)
        let details: [String?] = [
            parameters, model.format, model.memory.map { "\(ByteText.size($0.byteCount)) RAM" }, speed, source,
            model.architecture, model.fileBytes.map(ByteText.size),
            model.contextLength.map { "\(Format.tokens($0)) ctx" }, model.price.map(CostText.price),
            model.isLoaded == true ? "loaded" : nil, model.hasTemplate == false ? "base model" : nil,
        ]
        let cells = [
            ListCell(model.parameters.map(Format.parameters)),
            ListCell(ModelText.activeParameters(model.activeParameters, of: model.parameters)),
            ListCell(model.format),
            ListCell(model.memory.map { "\(ByteText.size($0.byteCount)) RAM" }, remark == nil ? .muted : .warning),
            ListCell(speed), ListCell(source),
            ListCell(
                model.isLoaded == true
                    ? "loaded" : model.hasTemplate == false ? "base model" : model.price.map(CostText.price)),
        ]
        return ListEntry(
            title: displayName(of: model.reference),
            aliases: service == nil ? [] : [model.reference.text],
            details: model.problem.map { [$0] } ?? details.compactMap(\.self),
            cells: model.problem == nil ? cells : nil, problem: model.problem,
            remarks: remark.map { [$0] } ?? [],
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

    // MARK: Preview

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
        if let problem = model.problem { page.text(problem, .warning) } else { addFacts(of: model, to: &page) }
        if let profile = library.profile(of: reference), profile.place != .here {
            page.row("service", profile.title)
            if library.foundServices.contains(profile.id) { page.row("", "found on this computer") }
            page.row("name", reference.text)
        }
        page.row("source", model.store?.title)
        page.row("path", model.path)
        for note in model.notes { page.text(note, .muted) }
        if let defaults = model.defaults { addDefaults(defaults, to: &page) }
        return page.lines
    }

    private func addFacts(of model: ModelInfo, to page: inout PreviewPage) {
        page.row("architecture", model.architecture)
        page.row("format", model.format)
        page.row("parameters", model.parameters.map { ModelText.parameters($0, active: model.activeParameters) })
        page.row("size", model.fileBytes.map(ByteText.size))
        page.row("trained context", model.contextLength.map { Format.count($0, "token") })
        page.row("memory", model.memory.map(memoryText))
        let prediction = SpeedPrediction(library.models, library.speeds)
        if let text = prediction.pagingText(of: model) { page.text(text, .warning) }
        page.row("chat template", model.hasTemplate == false ? "none (base model); plain User:/Assistant: turns" : nil)
        page.row("license", model.license)
        page.row("input", model.price.map { CostText.perMillion($0.input) })
        page.row("cached input", model.price?.cachedInput.map(CostText.perMillion))
        page.row("output", model.price.map { CostText.perMillion($0.output) })
        page.row("price of", model.price.map { "\($0.date), \($0.source)" })
        if let measured = library.speeds[model.reference].flatMap(Format.rate) {
            return page.row("measured speed", measured)
        }
        page.row("measured speed", "not measured yet")
        page.row("predicted speed", prediction.tokensPerSecond(of: model).flatMap(Format.rate))
    }

    /// What the model's store keeps for conversations with it.
    private func addDefaults(_ defaults: ModelDefaults, to page: inout PreviewPage) {
        page.blank()
        page.text("comes with", .muted)
        for (row, value) in defaults.rows { page.row(row.command, row.text(of: value)) }
        if !defaults.stop.isEmpty { page.row("stop texts", SettingValue.strings(defaults.stop).description) }
        if let system = defaults.system { page.row("system prompt", system) }
    }

    /// That the model needs more memory than there is; nil if it does not.
    private func memoryRemark(_ model: ModelInfo, _ prediction: SpeedPrediction) -> String? {
        guard let memory = model.memory else { return nil }
        return memory.isTooLarge ? memoryText(memory) : prediction.pagingText(of: model)
    }

    private func memoryText(_ need: ModelInfo.MemoryNeed) -> String {
        let context = need.contextLength > 0 ? " for \(Format.tokens(need.contextLength)) tokens" : ""
        let needed = "\(ByteText.size(need.byteCount))\(context)"
        return !need.isTooLarge
            ? needed : "needs \(needed), only \(ByteText.size(need.available)) available"
    }
}
