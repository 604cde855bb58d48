import Chat
import TUI

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
            page.row("file", model.fileBytes.map(Format.bytes))
            page.row("trained context", model.contextLength.map { "\($0) tokens" })
            page.row("memory", model.memory.map(memory))
            page.row("speed here", speed(of: reference).flatMap(Format.rate) ?? "not measured yet")
        }
        page.row("lies in", model.path)
        return page.lines
    }

    private func memory(_ need: ModelInfo.MemoryNeed) -> String {
        let window = need.contextLength > 0 ? " for \(Format.tokens(need.contextLength)) tokens" : ""
        let much = "\(Format.bytes(need.byteCount))\(window)"
        return need.byteCount <= need.available ? much : "\(much), more than the \(Format.bytes(need.available)) here"
    }

    /// Tokens per second as its latest replies were written on this computer; nil where there was none.
    func speed(of model: ModelReference) -> Double? { library.speeds[model.key] }
}
