import Chat
import Files
import Foundation
import GGUF
import Inference

/// Finds model files on this computer: in this program's models folder, in other folders, and where Ollama, LM Studio,
/// Hugging Face's libraries and llama.cpp keep theirs.
public struct ModelDiscovery: Sendable {
    private let own: URL?
    private let folders: [URL]
    private let named: [String]
    private let locations: StoreLocations

    /// - Parameters:
    ///   - own: the program's own models folder. Its models get their names first.
    ///   - folders: further folders with models.
    ///   - named: absolute paths of further files. Those that are in none of the stores are listed by their paths.
    public init(
        own: URL?, folders: [URL] = [], named: [String] = [], locations: StoreLocations = .current
    ) {
        self.own = own
        self.folders = folders
        self.named = named
        self.locations = locations
    }

    /// All models, sorted by name, with the facts in their files. Unusable ones are listed with the reason.
    public func models() -> [ModelInfo] {
        found().sorted { $0.name.localizedStandardCompare($1.name) == .orderedAscending }.map(ModelFacts.describe)
    }

    /// The model with a path, a name, or a unique beginning of a name (ignoring case). The tag ":latest" can be left out.
    public func find(_ text: String) throws(ModelNameError) -> ModelInfo { ModelFacts.describe(try file(named: text)) }

    /// What the model's file, or the store it is in, says about its license.
    func license(of name: String) throws -> String? { try ModelFacts.licenseText(try file(named: name)) }

    private func file(named text: String) throws(ModelNameError) -> FoundModel {
        let listing = listing()
        let path = URL(filePath: text).standardizedFileURL.path(percentEncoded: false)
        let latest = "\(text):\(OllamaName.standardTag)"
        if let model = listing.models.first(where: { $0.name == text || $0.path == path })
            ?? listing.models.first(where: { $0.name == latest })
            ?? (listing.hidden + listing.models).first(where: {
                [$0.name, $0.longName].contains { $0 == text || $0 == latest }
            })
        {
            return model
        }
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
            !isFolder.boolValue || ModelFiles.isModelFolder(path) || AdapterFolder.isAdapter(path)
        {
            // A file outside the stores is named by its path, so that a session can find it again.
            let found = FoundModel(name: path, longName: path, path: path, store: .folder)
            return Self.withBase(found, among: listing.models)
        }
        let models = listing.models.sorted { $0.name < $1.name }
        let matches = models.filter { $0.name.lowercased().hasPrefix(text.lowercased()) }
        if let match = matches.first, matches.count == 1 || match.name.lowercased() == text.lowercased() {
            return match
        }
        guard matches.isEmpty else { throw .ambiguous(text, matches: matches.map(\.name)) }
        throw .unknown(text, known: models.map(\.name))
    }

    // MARK: Stores

    /// In the order in which their models get names.
    private var stores: [any FileStore] {
        var stores: [any FileStore] = own.map(OwnStore.stores) ?? []
        stores += folders.map { FolderStore($0) }
        stores += FolderStore.named(locations)
        stores += LMStudioStore.stores(locations)
        stores.append(FolderStore(locations.workingFolder, depth: 1))
        stores += OllamaStore.all(locations)
        stores.append(HuggingFaceStore.usual(locations))
        stores += LlamaCppStore.stores(locations)
        stores.append(NamedFiles(paths: named))
        return stores
    }

    /// The folders in which models appear and disappear.
    var watched: [WatchedFolder] { stores.flatMap(\.watched) }

    /// All models under names of their own, without opening them.
    func found() -> [FoundModel] { listing().models }

    /// - Returns: the models that lists show, and those that are the same file as an earlier one.
    private func listing() -> (models: [FoundModel], hidden: [FoundModel]) {
        var listing = Listing()
        for store in stores { listing.add(store.models()) }
        return (listing.models.map { Self.withBase($0, among: listing.models) }, listing.hidden)
    }

    // MARK: Adapters

    /// An adapter of PEFT with the model that it changes, best the folder with the weights that it was trained on; any other
    /// model as it is.
    private static func withBase(_ found: FoundModel, among models: [FoundModel]) -> FoundModel {
        guard AdapterFolder.isAdapter(found.path) else { return found }
        var model = found
        model.adapter = found.path
        guard let base = AdapterFolder.base(of: found.path) else { return model }
        let name = base.split(separator: "/").last.map(String.init) ?? base
        let folders = models.filter { $0.path != found.path && CheckpointFolder.isModel($0.path) }
        let match =
            folders.first { $0.path == base || $0.longName == base }
            ?? folders.first { $0.longName.hasSuffix("/\(name)") || $0.name == name }
            ?? models.first { isFile($0.path) && baseName(of: $0.path) == name.lowercased() }
        if base.hasPrefix("/"), CheckpointFolder.isModel(base) || isFile(base) {
            model.path = base
        } else if let match {
            model.path = match.path
        }
        return model
    }

    private static func isFile(_ path: String) -> Bool {
        path.hasSuffix(".gguf") && FileManager.default.fileExists(atPath: path)
    }

    /// The lower-case name of a GGUF file without the format of its weights: "llama-3.2-1b" of "Llama-3.2-1B-Q4_K_M.gguf".
    private static func baseName(of path: String) -> String {
        let name = URL(filePath: path).deletingPathExtension().lastPathComponent
        guard let format = FormatLabel.format(in: name), name.uppercased().hasSuffix(format) else {
            return name.lowercased()
        }
        return name.dropLast(format.count + 1).lowercased()
    }
}

/// Gives models their names, and leaves out files that are found again.
private struct Listing {
    private(set) var models: [FoundModel] = []
    private(set) var hidden: [FoundModel] = []
    private var names: Set<String> = []
    private var files: Set<FileIdentity> = []

    /// Adds the models of a store. A store's own models may share a file: in Ollama's, different names for the same
    /// weights are different models.
    mutating func add(_ found: [FoundModel]) {
        var added: Set<FileIdentity> = []
        for model in found {
            let file = FileVersion(of: model.path)?.identity
            let isKnown = file.map { files.contains($0) || model.layers == nil && added.contains($0) } ?? false
            guard !isKnown || model.layers?.isOwnModel == true,
                let name = [model.name, model.longName, model.path].first(where: { !names.contains($0) })
            else {
                hidden.append(model)
                continue
            }
            names.insert(name)
            if let file { added.insert(file) }
            models.append(model)
            models[models.count - 1].name = name
        }
        files.formUnion(added)
    }
}
