import Foundation

/// The paths of files in a sessions folder.
struct SessionFiles: Sendable {
    let folder: String

    func session(_ id: SessionID) -> String { "\(folder)/\(id)\(Self.suffix)" }
    func journal(_ id: SessionID) -> String { "\(folder)/\(id).journal" }
    func lock(_ id: SessionID) -> String { "\(folder)/\(id).lock" }
    func draft(_ id: SessionID) -> String { "\(folder)/\(id)\(Self.draftSuffix)" }
    var trash: String { "\(folder)/trash" }
    func trashed(_ id: SessionID) -> String { "\(trash)/\(id)\(Self.suffix)" }

    /// An unused name for keeping a damaged file.
    func nameForDamaged(_ path: String, at date: Date = Date()) -> String {
        let stamp = Timestamp.text(date).filter { $0 != ":" && $0 != "-" }
        var name = "\(path).damaged-\(stamp)"
        while FileAccess.exists(name) { name += "x" }
        return name
    }

    /// The ids of all sessions in the folder.
    func ids() -> [SessionID] {
        FileAccess.entries(folder).compactMap { name in
            guard name.hasSuffix(Self.suffix), !name.hasSuffix(PresetStore.suffix) else { return nil }
            return SessionID(String(name.dropLast(Self.suffix.count)))
        }
    }

    /// The ids of all sessions that have a draft, saved or not.
    func drafts() -> [SessionID] {
        FileAccess.entries(folder).compactMap { name in
            name.hasSuffix(Self.draftSuffix) ? SessionID(String(name.dropLast(Self.draftSuffix.count))) : nil
        }
    }

    private static let suffix = ".json"
    private static let draftSuffix = ".draft"
}
