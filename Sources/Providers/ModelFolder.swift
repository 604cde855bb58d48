import Chat
import Foundation
import Inference

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The program's own models folder: files are copied into it and out of it, and removed from it and from nowhere else.
public struct ModelFolder: Sendable {
    private let folder: URL

    /// - Parameter path: of the folder, which is made when the first file comes.
    public init(_ path: String) { folder = URL(filePath: path) }

    /// Copies a file into the folder, under its own name, if a model in it can be used.
    ///
    /// - Parameters:
    ///   - cancellation: looked at now and then; the call then throws `CancellationError`, and nothing is left.
    ///   - progress: called with the share that is copied, now and then.
    /// - Returns: the name that the model goes by.
    public func importFile(
        _ path: String, cancellation: Cancellation, progress: (Double) -> Void
    ) throws -> String {
        let name = URL(filePath: path).lastPathComponent
        try Self.check(path)
        let target = name.lowercased().hasSuffix(".gguf") ? name : "\(name).gguf"
        guard !target.hasPrefix(".") else { throw ModelFileError.hiddenName(name) }
        try makeFolder()
        try FileCopy(from: path, to: folder.appending(path: target).path(percentEncoded: false))
            .run(cancellation: cancellation, progress: progress)
        return String(target.dropLast(".gguf".count))
    }

    /// Copies a model's file to a place where nothing is yet.
    ///
    /// - Parameter path: of the file to write, or of a folder, in which it gets the model's name.
    /// - Returns: the path of the file.
    public static func export(
        _ model: ModelInfo, to path: String, cancellation: Cancellation, progress: (Double) -> Void
    ) throws -> String {
        var target = URL(filePath: path)
        if (try? target.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true {
            // Ollama's names hold colons, and both Ollama's and LM Studio's may hold slashes.
            let name = model.reference.name.split(separator: "/").last.map(String.init) ?? "model"
            target.append(path: name.lowercased().hasSuffix(".gguf") ? name : "\(name).gguf")
        }
        let file = target.path(percentEncoded: false)
        try FileCopy(from: model.path ?? model.reference.name, to: file)
            .run(cancellation: cancellation, progress: progress)
        return file
    }

    /// Removes a model's file, for good. Of a link the link goes, and what it leads to stays.
    public func remove(_ model: ModelInfo) throws(ModelFileError) {
        let path = model.path ?? model.reference.name
        guard Self.lies(path, in: folder) else {
            throw .notOwn(model.reference.name, path: path, owner: Self.owner(of: path))
        }
        guard unlink(path) == 0 else { throw .cannotRemove(path, reason: String(cString: strerror(errno))) }
    }

    /// Throws where the file holds no model that can be run and spoken with.
    private static func check(_ path: String) throws(ModelNameError) {
        if let problem = ModelDiscovery.describe(path, name: path).problem { throw .unusable(path, problem) }
        let model: Model
        do throws(ModelError) {
            model = try Model.load(path: path)
        } catch {
            throw .unusable(path, "\(error)")
        }
        guard model.tokenizer != nil else {
            throw .unusable(path, model.tokenizerProblem ?? "it has no vocabulary")
        }
    }

    private func makeFolder() throws(ModelFileError) {
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .cannotWrite(folder.path(percentEncoded: false), reason: "the folder cannot be made")
        }
    }

    private static func owner(of path: String) -> ModelFileError.Owner {
        if lies(path, in: OllamaStore.root) { return .ollama }
        return ModelDiscovery.lmStudioFolders.contains { lies(path, in: $0) } ? .lmStudio : .somebody
    }

    /// Whether a file, which may be a link to anywhere, lies in a folder or in one inside it.
    private static func lies(_ path: String, in folder: URL) -> Bool {
        let parent = URL(filePath: path).deletingLastPathComponent().resolvingSymlinksInPath().path
        let folder = folder.resolvingSymlinksInPath().path
        return parent == folder || parent.hasPrefix("\(folder)/")
    }
}
