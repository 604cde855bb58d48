import Foundation

/// What lies where in a sessions folder.
struct SessionFiles: Sendable {
    let folder: String

    func session(_ id: SessionID) -> String { "\(folder)/\(id)\(Self.suffix)" }
    func journal(_ id: SessionID) -> String { "\(folder)/\(id).journal" }
    func lock(_ id: SessionID) -> String { "\(folder)/\(id).lock" }
    func draft(_ id: SessionID) -> String { "\(folder)/\(id)\(Self.draftSuffix)" }
    var trash: String { "\(folder)/trash" }
    func trashed(_ id: SessionID) -> String { "\(trash)/\(id)\(Self.suffix)" }

    /// A name, not yet taken, for a damaged file that is set aside.
    func aside(_ path: String, at date: Date = Date()) -> String {
        let stamp = Timestamp.text(date).filter { $0 != ":" && $0 != "-" }
        var name = "\(path).damaged-\(stamp)"
        while FileAccess.exists(name) { name += "x" }
        return name
    }

    /// The sessions in the folder, by the names of their files.
    func ids() -> [SessionID] {
        FileAccess.entries(folder).compactMap { name in
            guard name.hasSuffix(Self.suffix), !name.hasSuffix(PresetStore.suffix) else { return nil }
            return SessionID(String(name.dropLast(Self.suffix.count)))
        }
    }

    /// The sessions that have a draft, whether they have been saved or not.
    func drafts() -> [SessionID] {
        FileAccess.entries(folder).compactMap { name in
            name.hasSuffix(Self.draftSuffix) ? SessionID(String(name.dropLast(Self.draftSuffix.count))) : nil
        }
    }

    private static let suffix = ".json"
    private static let draftSuffix = ".draft"
}
