import Foundation

/// The paths of files in a sessions folder.
struct SessionFiles: Sendable {
    let folder: String
    /// The folder with the built-in welcome session, if it is another one.
    var shippedFolder: String?

    func session(_ id: SessionID) -> String {
        let path = "\(folder)/\(id)\(Self.suffix)"
        guard let shipped = shippedWelcome, id.text == SessionOpening.welcome, !FileAccess.exists(path) else {
            return path
        }
        return shipped
    }

    private var shippedWelcome: String? {
        let path = shippedFolder.map { "\($0)/\(SessionOpening.welcome)\(Self.suffix)" }
        return path.flatMap { FileAccess.exists($0) ? $0 : nil }
    }
    func journal(_ id: SessionID) -> String { "\(folder)/\(id)\(Self.journalSuffix)" }
    func lock(_ id: SessionID) -> String { "\(folder)/\(id)\(Self.lockSuffix)" }
    func draft(_ id: SessionID) -> String { "\(folder)/\(id)\(Self.draftSuffix)" }
    var trash: String { "\(folder)/trash" }
    func trashed(_ id: SessionID) -> String { "\(trash)/\(id)\(Self.suffix)" }

    /// An unused name for keeping a file that something is wrong with.
    ///
    /// - Parameter what: such as "damaged".
    static func name(for path: String, _ what: String, at date: Date = Date()) -> String {
        let stamp = Timestamp.text(date).filter { $0 != ":" && $0 != "-" }
        var name = "\(path).\(what)-\(stamp)"
        while FileAccess.exists(name) { name += "x" }
        return name
    }

    /// The sessions in the folder, by the names of their files, and the built-in one.
    func ids() -> [SessionID] {
        let ids = FileAccess.entries(folder).compactMap(Self.id)
        guard shippedWelcome != nil, let welcome = SessionID(SessionOpening.welcome), !ids.contains(welcome) else {
            return ids
        }
        return ids + [welcome]
    }

    /// The ids of all sessions that have a draft, saved or not.
    func drafts() -> [SessionID] { ids(ofFilesEndingIn: Self.draftSuffix) }

    /// The ids of all sessions with the journal of a reply.
    func journals() -> [SessionID] { ids(ofFilesEndingIn: Self.journalSuffix) }

    /// The session that a file name belongs to; nil if it is another kind of file.
    static func id(ofFile name: String) -> SessionID? {
        guard name.hasSuffix(suffix), !name.hasSuffix(PresetStore.suffix) else { return nil }
        return SessionID(String(name.dropLast(suffix.count)))
    }

    /// The ids of all lock files, whether or not somebody has the lock.
    func locks() -> [SessionID] { ids(ofFilesEndingIn: Self.lockSuffix) }

    private func ids(ofFilesEndingIn suffix: String) -> [SessionID] {
        FileAccess.entries(folder).compactMap { name in
            name.hasSuffix(suffix) ? SessionID(String(name.dropLast(suffix.count))) : nil
        }
    }

    private static let suffix = ".json"
    private static let journalSuffix = ".journal"
    private static let draftSuffix = ".draft"
    private static let lockSuffix = ".lock"
}
