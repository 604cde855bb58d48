import Chat
import Files
import Foundation
import JSON

extension SessionStore {
    /// Cleans up after programs that crashed: completes the sessions that they were saving, and removes their other
    /// temporary files and their locks. Whatever a running program holds stays.
    ///
    /// - Returns: the session that was completed, the last one if there are several.
    public func removeLeftovers() -> SessionID? {
        let strays = StrayFile.all(in: folder)
        var completed: [(id: SessionID, version: FileVersion)] = []
        for id in Set(strays.compactMap { SessionFiles.id(ofFile: $0.target) }) {
            guard let lock = try? SessionLock(path: files.lock(id), locks: locks) else { continue }
            if files.completeSaving(id), let version = FileVersion(of: files.session(id)) {
                completed.append((id, version))
            }
            withExtendedLifetime(lock) {}
        }
        for stray in strays where SessionFiles.id(ofFile: stray.target) == nil { stray.remove() }
        for id in files.locks() { SessionLock.removeStray(files.lock(id), locks: locks) }
        return completed.max { $1.version.isNewer(than: $0.version) }?.id
    }

    /// Adds to their sessions the replies that were interrupted in sessions other than the one that is opened next:
    /// after a save failed, say, another session was begun before the program crashed. Sessions that are open stay.
    public func mergeInterruptedReplies() {
        for id in files.journals() where contains(id) { try? open(id).close() }
    }
}

extension SessionFiles {
    /// If a program crashed while it saved a session, makes the temporary file that it left the session's file, unless
    /// that is newer or the temporary file is incomplete. Only for the holder of the session's lock.
    func completeSaving(_ id: SessionID) -> Bool {
        guard let path = try? FileAccess.destination(of: session(id)) else { return false }
        let strays = StrayFile.all(of: path).compactMap { stray in
            FileVersion(of: stray.path).map { (file: stray, version: $0) }
        }
        defer { for stray in strays { stray.file.remove() } }
        for stray in strays.sorted(by: { $0.version.isNewer(than: $1.version) }) {
            guard let updated = Self.dateOfChange(stray.file.path) else { continue }
            if let current = FileVersion(of: path) {
                guard stray.version.isNewer(than: current) else { return false }
                if let known = Self.dateOfChange(path) {
                    // A file from another computer or a backup may have an old date of its own.
                    guard updated >= known else { return false }
                } else {
                    guard (try? FileAccess.move(path, to: Self.name(for: path, "damaged"))) != nil else { return false }
                }
            }
            return stray.file.publish(as: path)
        }
        return false
    }

    /// When the session in a file was last changed; nil unless the whole file can be read.
    private static func dateOfChange(_ path: String) -> Date? {
        guard let bytes = try? FileAccess.read(path), let json = try? JSONReader.read(bytes),
            SessionRecord.isSession(json), let fields = json.object
        else { return nil }
        return fields["updated"]?.string.flatMap(Timestamp.date) ?? .distantPast
    }
}
