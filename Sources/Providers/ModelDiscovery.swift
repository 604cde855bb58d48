import Chat
import Foundation
import GGUF
import Inference

/// Finds model files on this computer: in given folders, in the working folder, and in Ollama's store.
public struct ModelDiscovery: Sendable {
    private let folders: [URL]
    private let named: [String]

    /// - Parameters:
    ///   - folders: searched in this order; if a name occurs twice, the first file is used.
    ///   - named: absolute paths of further files. Those that are in none of the folders are listed by their paths.
    public init(folders: [URL], named: [String] = []) {
        self.folders = folders
        self.named = named
    }

    /// Folders in which users may already have models: `$SOTTO_MODELS` (separated by colons) and LM Studio's.
    public static var usualFolders: [URL] {
        let environment = ProcessInfo.processInfo.environment
        let named = (environment["SOTTO_MODELS"] ?? "").split(separator: ":").map { URL(filePath: String($0)) }
        return named + lmStudioFolders
    }

    static var lmStudioFolders: [URL] {
        let home = FileManager.default.homeDirectoryForCurrentUser
        return [".lmstudio/models", ".cache/lm-studio/models"].map { home.appending(path: $0) }
    }

    /// All model files, sorted by name, with the facts in their headers. Unusable files are listed with the reason.
    public func models() -> [ModelInfo] { files().map { Self.describe($0.path, name: $0.name) } }

    /// All model files, sorted by name, without opening them.
    private func files() -> [(name: String, path: String)] {
        var found: [String: String] = [:]
        let here = URL(filePath: FileManager.default.currentDirectoryPath)
        let paths = folders.flatMap { Self.files(in: $0, depth: Self.depth) } + Self.files(in: here, depth: 1)
        for file in paths.map({ (name: Self.name(of: $0), path: $0) }) + OllamaStore.models()
        where found[file.name] == nil {
            found[file.name] = file.path
        }
        for path in named
        where path.hasPrefix("/") && !found.values.contains(path) && FileManager.default.fileExists(atPath: path) {
            found[path] = path
        }
        return found.map { (name: $0.key, path: $0.value) }.sorted {
            $0.name.localizedStandardCompare($1.name) == .orderedAscending
        }
    }

    /// The model with a path, a name, or a unique beginning of a name (ignoring case).
    public func find(_ text: String) throws(ModelNameError) -> ModelInfo {
        let files = files()
        let path = URL(filePath: text).standardizedFileURL.path(percentEncoded: false)
        if let file = files.first(where: { $0.name == text || $0.path == path }) {
            return Self.describe(file.path, name: file.name)
        }
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
            // A file outside the folders is named by its path, so that a session can find it again.
            return Self.describe(path, name: path)
        }
        let matches = files.filter { $0.name.lowercased().hasPrefix(text.lowercased()) }
        if matches.count == 1 || matches.first?.name.lowercased() == text.lowercased() {
            return Self.describe(matches[0].path, name: matches[0].name)
        }
        guard matches.isEmpty else { throw .ambiguous(text, matches: matches.map(\.name)) }
        throw .unknown(text, known: files.map(\.name))
    }

    private static func name(of path: String) -> String {
        URL(filePath: path).deletingPathExtension().lastPathComponent
    }

    // MARK: Facts

    static func describe(_ path: String, name: String) -> ModelInfo {
        var info = ModelInfo(reference: ModelReference(provider: ModelReference.localProvider, name: name), path: path)
        do throws(GGUFError) {
            let file = try GGUFFile(path: path)
            info.fileBytes = file.byteCount
            info.format = FormatNames.label(file)
            info.parameters = file.tensors.reduce(0) { $0 &+ $1.elementCount }
            let architecture = try file.metadata.requireString("general.architecture")
            info.architecture = architecture
            let template = file.metadata["tokenizer.chat_template"]?.string
            info.hasTemplate = template != nil
            info.hasThinkingSwitch = template.map(ThinkingSwitch.isKnown)
            let license = licenseLines(file.metadata)
            info.license = license.isEmpty ? nil : license.joined(separator: ", ")
            info.contextLength = file.metadata["\(architecture).context_length"]?.int
            if let parts = file.metadata["split.count"]?.int, parts > 1 {
                info.problem = "This is one of the \(parts) parts of a model; merge them into one file first"
            } else if file.tensors.isEmpty {
                info.problem = "This file has a vocabulary but no weights"
            } else if Architectures.find(architecture) == nil {
                info.problem = "\(ModelError.unsupportedArchitecture(architecture))"
            } else {
                info.memory = memory(file)
            }
        } catch {
            // Without the path, which lists show separately.
            info.problem = error.reason
        }
        return info
    }

    /// What the file says about its license, one line per field.
    static func licenseLines(_ metadata: GGUFMetadata) -> [String] {
        ["general.license", "general.license.name", "general.license.link"].compactMap { metadata[$0]?.string }
    }

    /// The memory that the model needs with its default context size, even if the computer has less.
    private static func memory(_ file: GGUFFile) -> ModelInfo.MemoryNeed? {
        do throws(EngineError) {
            guard let plan = try MemoryPlan(file: file) else { return nil }
            return .init(
                byteCount: plan.byteCount, contextLength: plan.contextLength, available: Machine.physicalMemory)
        } catch .notEnoughMemory(let needed, let available, _) {
            return .init(byteCount: needed, contextLength: 0, available: available)
        } catch {
            return nil
        }
    }

    // MARK: Files

    /// Levels of subfolders to search: LM Studio uses publisher/model/file.
    private static let depth = 3
    /// A folder with more entries than this is not a models folder.
    private static let entryLimit = 20_000

    /// The folder itself may be a link, for example to a larger disk; links to folders inside it are not followed.
    private static func files(in folder: URL, depth: Int) -> [String] {
        guard
            let entries = FileManager.default.enumerator(
                at: folder.resolvingSymlinksInPath(), includingPropertiesForKeys: [.isRegularFileKey],
                options: [.skipsHiddenFiles, .skipsPackageDescendants])
        else { return [] }
        var files: [String] = []
        for case (let index, let entry as URL) in entries.enumerated() {
            if index > entryLimit { break }
            if entries.level >= depth { entries.skipDescendants() }
            if isModel(entry) { files.append(entry.path(percentEncoded: false)) }
        }
        return files.sorted()
    }

    /// Whether a file is a GGUF model, and not the projector of a vision model or a later part of a split one.
    private static func isModel(_ file: URL) -> Bool {
        let name = file.lastPathComponent.lowercased()
        let isLaterPart = name.contains(/-\d{5}-of-\d{5}\.gguf$/) && !name.contains(/-00001-of-\d{5}\.gguf$/)
        return name.hasSuffix(".gguf") && !name.hasPrefix("mmproj") && !isLaterPart
    }
}
