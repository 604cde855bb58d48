import Chat
import Foundation
import Inference
import Providers
import Sessions
import TUI

/// What there is to choose from: presets, themes and models, the person's own and the shipped ones.
struct Catalogue: Sendable {
    let home: SottoHome

    static var current: Catalogue { Catalogue(home: .current) }

    var presets: PresetStore { PresetStore(folder: home.presets, shippedFolder: home.shippedPresets) }

    // MARK: Models

    var models: ModelDiscovery { models(named: []) }

    private func models(named: [String]) -> ModelDiscovery {
        let own = [home.models] + (home.shipped.map { ["\($0)/models"] } ?? [])
        return ModelDiscovery(folders: own.map { URL(filePath: $0) } + ModelDiscovery.usualFolders, named: named)
    }

    /// Measured decode speeds.
    var speedFile: SpeedFile { SpeedFile(home) }

    /// The engine, for these models.
    ///
    /// - Parameters:
    ///   - draft: the model that drafts for them, as it was named.
    ///   - model: is listed too, wherever its file lies.
    func provider(
        threads: Int? = nil, cacheType: KVCacheType = .f16, draft: ModelArgument? = nil,
        for model: ModelReference? = nil
    ) -> LocalProvider {
        LocalProvider(
            discovery: models(named: model.map { [$0.name] } ?? []), threads: threads, cacheType: cacheType,
            draft: draft?.text,
            fingerprints: ModelFingerprints(cache: home.fingerprints))
    }

    /// The model to use when none was named: the one that comes with the program, else the first that works.
    func defaultModel() throws -> ModelInfo {
        let usable = models.models().filter { $0.problem == nil }
        let shipped = usable.first { $0.reference.name == Self.defaultModelName }
        if let model = shipped ?? usable.first { return model }
        throw CommandLineError(
            "there is no model yet: the chat fetches one at its first start, or put a GGUF file into \(home.models)")
    }

    static let defaultModelName = DownloadableModel.standard.name

    // MARK: Themes

    /// Every theme there is a file of, and the built-in one.
    func themes() -> [Theme] {
        let files = themeFiles().map { file in
            let content: ThemeLibrary.File.Content
            do {
                content = .text(try TextFile.readText(file.path, limit: Self.themeBytes))
            } catch {
                content = .unreadable("\(error)")
            }
            let name = file.deletingPathExtension().lastPathComponent
            return ThemeLibrary.File(label: file.lastPathComponent, name: name, content)
        }
        return ThemeLibrary(files).themes + [.minimal]
    }

    /// The shipped ones first, `dark` before all: it is the one to start with.
    private func themeFiles() -> [URL] {
        var folders = [home.shippedThemes, home.themes].compactMap(\.self)
        if folders.count == 2, folders[0] == folders[1] { folders.removeLast() }
        return folders.flatMap { folder in
            let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            let names = files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(".json".count)) }
            let sorted = names.filter { $0 == "dark" } + names.filter { $0 != "dark" }.sorted()
            return sorted.prefix(Self.themeFileLimit).map { URL(filePath: folder).appending(path: "\($0).json") }
        }
    }

    private static let themeBytes = 1 << 20
    private static let themeFileLimit = 200
}
