import Chat

/// What is known about the models of a service.
enum ServiceListing: Sendable, Equatable {
    /// Nobody has asked: a remote service is contacted only when the user wants something from it.
    case unasked
    case listing
    case listed
    /// With the reason in one line.
    case failed(String)
}

extension Library {
    /// The provider of a model; nil if there is none of that name.
    func profile(of model: ModelReference) -> ProviderProfile? { profile(named: model.provider) }

    func profile(named id: String) -> ProviderProfile? { providers.first { $0.id == id } }

    /// Replaces what is known of one provider's models.
    mutating func setModels(_ models: [ModelInfo], of provider: String) {
        self.models = self.models.filter { $0.reference.provider != provider } + models
        let order = providers.map(\.id)
        // Local models first, then in the providers' order.
        self.models = self.models.enumerated().sorted { left, right in
            let ranks = [left, right].map { order.firstIndex(of: $0.element.reference.provider) ?? order.count }
            return (ranks[0], left.offset) < (ranks[1], right.offset)
        }.map(\.element)
    }

    /// Adds services that were found on this computer.
    mutating func add(_ found: [ProviderProfile]) {
        providers += found.filter { profile(named: $0.id) == nil }
        foundServices.formUnion(found.map(\.id))
    }
}

extension AppState {
    /// The provider of the session's model.
    var profile: ProviderProfile? { session.record.model.flatMap(library.profile) }

    /// A setting as the session's model has it, with its provider's range; the reason if it is not available there.
    func availability(of row: SettingRow) -> (row: SettingRow, problem: String?) {
        let row = row.command == SettingTable.contextLength.command ? fittingContextLength : row
        guard let profile else { return (row, nil) }
        guard profile.settings.isAvailable(row) else { return (row, "not available from \(profile.title)") }
        return (profile.settings.narrowed(row), nil)
    }

    /// The size of the context with what the session's model reads as its largest value.
    private var fittingContextLength: SettingRow {
        let row = SettingTable.contextLength
        return session.record.model.flatMap(contextLimit).map { row.limited(to: 0...Double($0)) } ?? row
    }

    /// Asks a service for its models.
    mutating func listServiceModels(_ id: String) -> [Effect] {
        guard library.services[id] != .listing else { return [] }
        library.services[id] = .listing
        return [.listServiceModels(id)]
    }

    mutating func applyServiceModels(_ models: [ModelInfo], of id: String) {
        library.services[id] = .listed
        library.setModels(models, of: id)
    }

    /// What was listed before stays.
    mutating func failServiceModels(_ reason: String, of id: String) { library.services[id] = .failed(reason) }
}
