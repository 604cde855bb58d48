import Chat
import Files
import Foundation
import GGUF
import Inference

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The program's own models folder: copies files into it and out of it, and removes files from it and nowhere else.
public struct ModelFolder: Sendable {
    private let folder: URL

    /// - Parameter path: of the folder, which is created with the first file.
    public init(_ path: String) { folder = URL(filePath: path) }

    /// Removes what programs that crashed did not finish. Downloads stay, because they go on where they ended.
    public func removeLeftovers() {
        Leftovers.remove(FileCopy.prefix, in: folder)
        for stray in StrayFile.all(in: folder.path(percentEncoded: false)) { stray.remove() }
    }

    /// Copies a file into the folder under its own name, if it is a usable model.
    ///
    /// - Parameters:
    ///   - cancellation: makes the call throw `CancellationError` and remove what was copied.
    ///   - progress: called regularly with the fraction that is copied.
    /// - Returns: the model's name.
    public func importFile(
        _ path: String, cancellation: Cancellation, progress: (Double) -> Void
    ) throws -> String {
        let name = Self.usualName(path)
        try Self.check(path)
        guard !name.hasPrefix(".") else { throw ModelFileError.hiddenName(name) }
        try FileIO<ModelFileError>.makeFolder(folder.path(percentEncoded: false))
        if ModelForm(path) != .gguf {
            let target = folder.appending(path: name).path(percentEncoded: false)
            try Self.copyFolder(path, to: target, cancellation, progress)
            return name
        }
        let copies = GGUFPartName.paths(of: path).map { part in
            let target = folder.appending(path: Self.fileName(URL(filePath: part).lastPathComponent))
            return FileCopy(from: part, to: target.path(percentEncoded: false))
        }
        try FileCopy.run(copies, cancellation: cancellation, progress: progress)
        return GGUFPartName(name)?.stem ?? String(Self.fileName(name).dropLast(".gguf".count))
    }

    /// Copies the files of a folder into a new one.
    private static func copyFolder(
        _ source: String, to target: String, _ cancellation: Cancellation, _ progress: (Double) -> Void
    ) throws {
        guard access(target, F_OK) != 0 else { throw ModelFileError.exists(target) }
        try FileIO<ModelFileError>.makeFolder(target)
        let copies = ModelFiles.paths(of: source).map { file in
            FileCopy(from: file, to: "\(target)/\(URL(filePath: file).lastPathComponent)")
        }
        do {
            try FileCopy.run(copies, cancellation: cancellation, progress: progress)
        } catch {
            rmdir(target)
            throw error
        }
    }

    /// What a copy is called: as the file or folder, or after the folder and the graph for one of several graphs.
    private static func usualName(_ path: String) -> String {
        guard ONNXFolder.isGraph(path) else { return URL(filePath: path).lastPathComponent }
        let (folder, graph) = ONNXFolder.title(of: path)
        return "\(URL(filePath: folder).lastPathComponent)-\(graph)"
    }

    private static func fileName(_ name: String) -> String {
        name.lowercased().hasSuffix(".gguf") ? name : "\(name).gguf"
    }

    /// Copies a model's file to a new file, or all parts of a split model into a folder.
    ///
    /// - Parameter path: of the new file, or of a folder in which to create a file with the model's name.
    /// - Returns: the path of the new file, or of the first part.
    public static func export(
        _ model: ModelInfo, to path: String, cancellation: Cancellation, progress: (Double) -> Void
    ) throws -> String {
        let source = Self.ownPath(of: model)
        let target = URL(filePath: path)
        let isFolder = (try? target.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true
        if ModelForm(source) != .gguf {
            let own = model.reference.name.split(separator: "/").last.map(String.init) ?? "model"
            let copy = isFolder ? target.appending(path: own) : target
            try copyFolder(source, to: copy.path(percentEncoded: false), cancellation, progress)
            return copy.path(percentEncoded: false)
        }
        let parts = GGUFPartName.paths(of: source)
        guard isFolder || parts.count == 1 else {
            throw ModelFileError.splitNeedsFolder(parts: parts.count, path: path)
        }
        let targets = parts.map { part in
            if !isFolder { return target }
            if parts.count > 1 { return target.appending(path: URL(filePath: part).lastPathComponent) }
            // Names of Ollama's and LM Studio's models may contain slashes.
            let name = model.reference.name.split(separator: "/").last.map(String.init) ?? "model"
            return target.appending(path: Self.fileName(name))
        }.map { $0.path(percentEncoded: false) }
        try FileCopy.run(
            zip(parts, targets).map { FileCopy(from: $0, to: $1) }, cancellation: cancellation, progress: progress)
        return targets[0]
    }

    /// Removes a model permanently: its file, or, for one that was pulled from Ollama's registry, its manifest and the
    /// blobs that no other manifest names. A link is removed without the file that it leads to.
    public func remove(_ model: ModelInfo) throws(ModelFileError) {
        let path = Self.ownPath(of: model)
        guard Self.isFile(path, in: folder) else {
            throw .notOwn(model.reference.name, path: path, owner: model.store ?? .folder)
        }
        let pulled = OllamaStore(root: folder, store: .own)
        if Self.isFile(path, in: URL(filePath: pulled.blobs)) {
            try PulledModel(model.reference.name, weights: path, in: pulled).remove()
        } else if ModelForm(path) != .gguf {
            let files = ModelFiles.ownPaths(of: path)
            for file in files { try FileIO<ModelFileError>.removeFile(file) }
            // Folders with other files stay.
            let folders = Set(files.map { URL(filePath: $0).deletingLastPathComponent().path(percentEncoded: false) })
            for folder in folders.union([path]).sorted(by: >) where folder.hasPrefix(path) { rmdir(folder) }
        } else {
            // The first part last: it is the one that lists show.
            for part in GGUFPartName.paths(of: path).reversed() where part == path || access(part, F_OK) == 0 {
                try FileIO<ModelFileError>.removeFile(part)
            }
        }
    }

    /// What belongs to this model alone: of an adapter of PEFT its folder, not the model that it changes.
    private static func ownPath(of model: ModelInfo) -> String {
        if let adapter = model.adapter, ModelFiles.isFolder(adapter) { return adapter }
        return model.path ?? model.reference.name
    }

    /// Throws unless the file is a model that can be used for chat.
    private static func check(_ path: String) throws(ModelNameError) {
        if let problem = ModelFacts.describe(path, name: path).problem { throw .unusable(path, problem) }
        let model: Model
        do throws(ModelError) {
            model = try Model.load(path: path)
        } catch {
            throw .unusable(path, "\(error)")
        }
        guard model.tokenizer != nil else {
            throw .unusable(path, model.tokenizerProblem ?? "It has no vocabulary")
        }
    }

    /// Whether a file, which may be a link, is in a folder or one of its subfolders.
    private static func isFile(_ path: String, in folder: URL) -> Bool {
        let parent = URL(filePath: path).deletingLastPathComponent().resolvingSymlinksInPath().path
        let folder = folder.resolvingSymlinksInPath().path
        return parent == folder || parent.hasPrefix("\(folder)/")
    }
}
