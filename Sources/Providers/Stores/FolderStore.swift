import Chat
import Foundation
import GGUF
import Inference

/// GGUF files, folders of Hugging Face's libraries, and ONNX exports, in a folder: one of `SOTTO_MODELS`, the working folder, or one that
/// a program keeps its models in.
struct FolderStore: FileStore {
    let folder: URL
    /// Levels of subfolders to search; 1 for the folder alone.
    let depth: Int
    let store: ModelStore

    /// LM Studio, and our own models folder, use owner/model/file.
    static let usualDepth = 3
    /// A folder with more entries than this is not a models folder.
    private static let entryLimit = 20_000

    init(_ folder: URL, depth: Int = Self.usualDepth, store: ModelStore = .folder) {
        self.folder = folder
        self.depth = depth
        self.store = store
    }

    /// The folders of `SOTTO_MODELS`, separated by colons.
    static func named(_ locations: StoreLocations) -> [FolderStore] {
        (locations.environment["SOTTO_MODELS"] ?? "").split(separator: ":")
            .map { FolderStore(locations.folder(at: String($0))) }
    }

    func models() -> [FoundModel] {
        // The folder itself may be a link, for example to a larger disk.
        let root = folder.resolvingSymlinksInPath()
        return Self.files(in: root, depth: depth).map { path in
            if ONNXFolder.isGraph(path) { return Self.graph(path, store) }
            // Of a split model, without the number of the part.
            let stem = GGUFPartName(path)?.stem
            let file = stem.map { URL(filePath: $0) } ?? Self.withoutEnding(path)
            let name = file.lastPathComponent
            let above = file.pathComponents.dropFirst(root.pathComponents.count)
            let long = above.count > 1 ? above.joined(separator: "/") : "\(folder.lastPathComponent)/\(name)"
            return FoundModel(name: name, longName: long, path: path, store: store)
        }
    }

    /// One of several graphs of a folder, after which it is named.
    private static func graph(_ path: String, _ store: ModelStore) -> FoundModel {
        let (folder, name) = ONNXFolder.title(of: path)
        let parts = folder.split(separator: "/").suffix(2)
        return FoundModel(
            name: "\(parts.last ?? "onnx")/\(name)", longName: "\(parts.joined(separator: "/"))/\(name)", path: path,
            store: store)
    }

    var watched: [WatchedFolder] { [WatchedFolder(path: folder.path(percentEncoded: false), depth: depth)] }

    /// The paths of the models in a folder, sorted. Links in it may lead to models, but links to other folders are not followed.
    static func files(in folder: URL, depth: Int) -> [String] {
        guard
            let entries = FileManager.default.enumerator(
                at: folder, includingPropertiesForKeys: [.isRegularFileKey],
                options: [.skipsHiddenFiles, .skipsPackageDescendants])
        else { return [] }
        var files: [String] = []
        let root = folder.path(percentEncoded: false)
        files += models(root)
        for case (let index, let entry as URL) in entries.enumerated() {
            if index > entryLimit { break }
            if entries.level >= depth { entries.skipDescendants() }
            if isModel(entry) {
                files.append(entry.path(percentEncoded: false))
            } else if ModelFiles.isFolder(entry.path(percentEncoded: false)) {
                files += models(entry.path(percentEncoded: false))
            }
        }
        return files.sorted()
    }

    /// A model's path without ".gguf". The name of a folder may contain a dot.
    static func withoutEnding(_ path: String) -> URL {
        let url = URL(filePath: path)
        return path.lowercased().hasSuffix(".gguf") ? url.deletingPathExtension() : url
    }

    /// The paths of the models that a folder is or has: itself, if it is a model or an adapter of one, and graphs.
    private static func models(_ path: String) -> [String] {
        let path = path.hasSuffix("/") ? String(path.dropLast()) : path
        let isModel = CheckpointFolder.isModel(path) || AdapterFolder.isAdapter(path)
        return (isModel ? [path] : []) + ONNXFolder.exports(in: path)
    }

    /// Whether a file is a GGUF model, and not the projector of a vision model or a later part of a split one.
    private static func isModel(_ file: URL) -> Bool {
        let name = file.lastPathComponent.lowercased()
        return name.hasSuffix(".gguf") && !name.hasPrefix("mmproj") && GGUFPartName(name)?.number ?? 1 == 1
    }
}

/// Files that the user named, by their paths.
struct NamedFiles: FileStore {
    let paths: [String]

    func models() -> [FoundModel] {
        paths.filter { $0.hasPrefix("/") && FileManager.default.fileExists(atPath: $0) }
            .map { FoundModel(name: $0, longName: $0, path: $0, store: .folder) }
    }

    var watched: [WatchedFolder] { [] }
}
