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
    var modelEntries: [ListEntry] {
        library.models.map { model in
            ListEntry(
                title: displayName(of: model.reference),
                details: model.problem.map { [$0] }
                    ?? [
                        speed(of: model.reference).flatMap(Format.rate), model.architecture,
                        model.parameters.map(Format.parameters), model.fileBytes.map(Format.bytes), model.format,
                        model.contextLength.map { "\(Format.tokens($0)) ctx" },
                    ].compactMap { $0 },
                problem: model.problem, isCurrent: session.record.model?.hasSameName(as: model.reference) == true,
                choice: .model(model.reference))
        }
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
            page.row("measured speed", speed(of: reference).flatMap(Format.rate) ?? "not measured yet")
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
