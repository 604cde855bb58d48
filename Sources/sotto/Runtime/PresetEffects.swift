import Chat
import ChatApp
import Sessions

/// Lists, saves, deletes, exports and imports presets.
struct PresetEffects {
    let store: PresetStore
    let mailbox: Mailbox

    /// Lists the presets and reports files that cannot be read.
    func load() {
        let problems = list()
        guard let first = problems.first else { return }
        let more = problems.count > 1 ? ". \(problems.count - 1) more cannot be read; \"sotto presets\" lists them" : ""
        mailbox.post(.notice(Notice(.warning, "\(first)\(more)", cause: .program)))
    }

    func save(_ preset: Preset) throws {
        try store.save(preset)
        list()
    }

    func delete(_ name: String) throws {
        try store.remove(name)
        list()
    }

    func export(_ name: String, to file: String) throws {
        let path = UserPath(file).absolute
        try store.export(name, to: path)
        mailbox.post(.notice(Notice(.info, "Exported to \(path)")))
    }

    func importFile(_ file: String) throws {
        let preset = try store.importFile(UserPath(file).absolute)
        list()
        mailbox.post(.notice(Notice(.info, "Imported preset \"\(preset.name)\". /preset \(preset.name) applies it")))
    }

    /// - Returns: the problems with preset files.
    @discardableResult
    private func list() -> [SessionError] {
        let found = store.list()
        mailbox.post(.presetsLoaded(found.presets))
        return found.problems
    }
}
