import Files
import Foundation

/// Notices that models appear, disappear or change, from the dates of folders and files, without opening a file.
public struct ModelWatch: Sendable {
    private let discovery: ModelDiscovery
    /// By path; nil for what is not there.
    private var folders: [String: FileVersion?]
    private var files: [String: FileVersion?]
    private var found: [FoundModel]
    /// Whether a known file has changed since the last report, and may still be growing.
    private var hasChangedFile = false

    /// Folders and files whose dates are compared; beyond that, changes are noticed when the list is asked for.
    private static let limit = 4_000

    /// Compares with the state of now. Blocks on the disk, as `hasChanged` does.
    public init(_ discovery: ModelDiscovery) {
        self.discovery = discovery
        folders = Self.folders(discovery)
        found = discovery.found()
        files = Self.files(found)
    }

    /// Whether models should be listed again. Appearing and disappearing models are reported at once; a file that changes,
    /// because it is being copied, when it has been the same for two calls.
    public mutating func hasChanged() -> Bool {
        let seenFiles = Self.stamps(files.keys)
        if seenFiles != files {
            files = seenFiles
            hasChangedFile = true
        } else if hasChangedFile {
            hasChangedFile = false
            return true
        }
        guard Self.stamps(folders.keys) != folders || hasChangedFile else { return false }
        folders = Self.folders(discovery)
        let now = discovery.found()
        guard now != found else { return false }
        found = now
        files = Self.files(now)
        hasChangedFile = false
        return true
    }

    private static func folders(_ discovery: ModelDiscovery) -> [String: FileVersion?] {
        var paths: [String] = []
        for folder in discovery.watched where paths.count < limit {
            add(folder.path, depth: folder.depth, to: &paths)
        }
        return stamps(paths)
    }

    /// Adds a folder and the folders in it. Links are not followed.
    private static func add(_ folder: String, depth: Int, to paths: inout [String]) {
        guard paths.count < limit else { return }
        paths.append(folder)
        guard depth > 1 else { return }
        let inside = try? FileManager.default.contentsOfDirectory(
            at: URL(filePath: folder).resolvingSymlinksInPath(), includingPropertiesForKeys: [.isDirectoryKey],
            options: .skipsHiddenFiles)
        for entry in inside ?? []
        where (try? entry.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true {
            add(entry.path(percentEncoded: false), depth: depth - 1, to: &paths)
        }
    }

    private static func files(_ found: [FoundModel]) -> [String: FileVersion?] {
        stamps(found.prefix(limit).flatMap { [$0.path, $0.layers?.manifest].compactMap(\.self) })
    }

    private static func stamps(_ paths: some Sequence<String>) -> [String: FileVersion?] {
        Dictionary(paths.map { ($0, FileVersion(of: $0)) }) { first, _ in first }
    }
}
