import Chat

/// Commands on models.
extension AppState {
    /// `/model [NAME]`. The file of an unknown model may be new, so the models are listed again before it is refused.
    mutating func chooseOrFindModel(named name: String) -> [Effect] {
        if name.isEmpty { return openPanel(.models) }
        if let effects = try? chooseModel(named: name) { return effects }
        library.soughtModel = name
        return [.listModels]
    }

    /// The model with this name, or the session's if the name is empty.
    func model(named name: String) throws(CommandError) -> ModelReference {
        guard name.isEmpty else { return try usableModel(named: name) }
        guard let model = session.record.model else { throw CommandError("No model chosen. /model lists them") }
        return model
    }

    mutating func chooseModel(named name: String) throws(CommandError) -> [Effect] {
        choose(.model(try usableModel(named: name)))
    }

    private func usableModel(named name: String) throws(CommandError) -> ModelReference {
        let named = ModelReference(named: name, providers: library.providers.map(\.id))
        if named.provider != ModelReference.localProvider,
            !library.models.contains(where: { $0.reference.hasSameName(as: named) })
        {
            // The service is asked with the first message, and names the nearest models if it has none of that name.
            guard !named.name.isEmpty else { throw CommandError("Name a model after the colon: \(name)NAME") }
            return named
        }
        let model = try NameLookup.find(name, in: library.models, kind: "model") { [$0.reference.text] }
        if let problem = model.problem { throw CommandError("\(model.reference.name): \(problem)") }
        return model.reference
    }

    /// `/template [FILE | default]`
    func runTemplateCommand(_ file: String) throws(CommandError) -> [Effect] {
        let model = try self.model(named: "")
        if file.isEmpty { return [.describe(.template(model))] }
        return [.chooseTemplate(file == "default" ? nil : file, model)]
    }

    /// `/stop`
    mutating func stopWork() throws(CommandError) -> [Effect] {
        if session.reply != nil { return stopReply() }
        if library.pull != nil { return stopPull() }
        throw CommandError("Nothing is running")
    }
}
