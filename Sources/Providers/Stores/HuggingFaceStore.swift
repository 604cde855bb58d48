import Chat
import Files
import Foundation
import Inference

/// The cache of Hugging Face's libraries: `models--OWNER--NAME/snapshots/REVISION/…`, whose files are links to blobs.
struct HuggingFaceStore: FileStore {
    let root: URL
    let store: ModelStore

    private static let repositoryLimit = 2_000
    /// In bytes, of a file with the name of a revision.
    private static let referenceLimit = 256
    private static let prefix = "models--"

    /// The folder that the libraries would use.
    static func usual(_ locations: StoreLocations) -> HuggingFaceStore {
        let root =
            locations.folder("HF_HUB_CACHE") ?? locations.folder("HUGGINGFACE_HUB_CACHE")
            ?? locations.folder("HF_HOME")?.appending(path: "hub")
            ?? locations.folder("XDG_CACHE_HOME")?.appending(path: "huggingface/hub")
            ?? locations.home.appending(path: ".cache/huggingface/hub")
        return HuggingFaceStore(root: root, store: .huggingFace)
    }

    func models() -> [FoundModel] {
        let folder = root.path(percentEncoded: false)
        let names = FileIO<ModelFileError>.entries(folder).filter { $0.hasPrefix(Self.prefix) }.sorted()
        return names.prefix(Self.repositoryLimit).flatMap { models(in: root.appending(path: $0)) }
    }

    /// Repositories, their snapshots, and two levels of folders in these.
    var watched: [WatchedFolder] { [WatchedFolder(path: root.path(percentEncoded: false), depth: 6)] }

    /// The name of the repository that a file in such a cache belongs to, such as "owner/name".
    static func repository(of path: String) -> String? {
        URL(filePath: path).pathComponents.last { $0.hasPrefix(prefix) }.map(name)
    }

    private static func name(_ folder: String) -> String {
        String(folder.dropFirst(prefix.count)).replacing("--", with: "/")
    }

    private func models(in repository: URL) -> [FoundModel] {
        guard let snapshot = Self.snapshot(of: repository) else { return [] }
        let above = snapshot.resolvingSymlinksInPath().pathComponents.count
        let whole = Self.name(repository.lastPathComponent)
        return FolderStore.files(in: snapshot.resolvingSymlinksInPath(), depth: FolderStore.usualDepth).map { path in
            if URL(filePath: path).pathComponents.count == above {
                // The snapshot itself, whose name is a number.
                let name = whole.split(separator: "/").last.map(String.init) ?? whole
                return FoundModel(name: name, longName: whole, path: path, store: store)
            }
            if ONNXFolder.isGraph(path) {
                let graph = ONNXFolder.title(of: path).name
                let name = whole.split(separator: "/").last.map(String.init) ?? whole
                return FoundModel(name: "\(name)/\(graph)", longName: "\(whole)/\(graph)", path: path, store: store)
            }
            let file = FolderStore.withoutEnding(path)
            let inside = file.pathComponents.dropFirst(above).joined(separator: "/")
            return FoundModel(
                name: file.lastPathComponent, longName: "\(whole)/\(inside)",
                path: path, store: store)
        }
    }

    /// The revision that `refs/main` names, else the newest.
    private static func snapshot(of repository: URL) -> URL? {
        let folder = repository.appending(path: "snapshots")
        let main = repository.appending(path: "refs/main").path(percentEncoded: false)
        let bytes = (try? FileIO<ModelFileError>.read(main, limit: referenceLimit)) ?? []
        let revision = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        let revisions = FileIO<ModelFileError>.entries(folder.path(percentEncoded: false))
            .filter { !$0.hasPrefix(".") }
        if revisions.contains(revision) { return folder.appending(path: revision) }
        let dated = revisions.map { name -> (date: Date, folder: URL) in
            let url = folder.appending(path: name)
            let date = (try? url.resourceValues(forKeys: [.contentModificationDateKey]))?.contentModificationDate
            return (date ?? .distantPast, url)
        }
        return dated.max { ($0.date, $0.folder.path) < ($1.date, $1.folder.path) }?.folder
    }
}
