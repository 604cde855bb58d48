import Chat
import Downloads
import Foundation
import Inference
import Providers
import Sessions
import TUI

/// The presets, themes and models that are available: the user's and the built-in ones.
struct Catalogue: Sendable {
    let home: SottoHome

    static var current: Catalogue { Catalogue(home: .current) }

    var presets: PresetStore {
        PresetStore(
            folder: home.presets, shippedFolder: home.shippedPresets, foreign: { LMStudioPresets.all() })
    }

    var sessions: SessionStore { SessionStore(folder: home.sessions, shippedFolder: home.shippedSessions) }

    // MARK: Models

    var models: ModelDiscovery { models(named: []) }

    private func models(named: [String]) -> ModelDiscovery {
        let shipped = home.shipped.map { [URL(filePath: "\($0)/models")] } ?? []
        return ModelDiscovery(own: URL(filePath: home.models), folders: shipped, named: named)
    }

    /// Measured decode speeds.
    var speedFile: SpeedFile { SpeedFile(home) }

    /// The fastest kernels on this computer. Between releases, kernels change with commits.
    var tuning: KernelTuning { KernelTuning(cache: home.tuning, version: VersionText.program) }

    /// The same for a model that uses this program's own kernels; nil for others.
    func tuning(for model: Model) -> KernelTuning? { model.isExport ? nil : tuning }

    /// The local engine with these models.
    ///
    /// - Parameters:
    ///   - draft: the draft model for speculative decoding.
    ///   - template: path of a chat template that models use in this run.
    ///   - remembersTemplate: whether it is remembered for them.
    ///   - model: a model to list as well, even if its file is in none of the folders.
    func provider(
        threads: Int? = nil, cacheType: KVCacheType = .f16, instructionSet: InstructionSet? = nil,
        draft: ModelArgument? = nil, template: String? = nil, remembersTemplate: Bool = false,
        for model: ModelReference? = nil
    ) -> LocalProvider {
        LocalProvider(
            discovery: models(named: model.map { [$0.name] } ?? []), threads: threads, cacheType: cacheType,
            instructionSet: instructionSet, draft: draft?.text,
            fingerprints: ModelFingerprints(cache: home.fingerprints), tuning: tuning,
            templates: ChosenTemplates(file: home.templates, fixed: template, remembersFixed: remembersTemplate))
    }

    /// The model to use if the user named none: the standard one if it is installed, otherwise the first usable one.
    func defaultModel() throws -> ModelInfo {
        let usable = models.models().filter { $0.problem == nil }
        let shipped = usable.first { $0.reference.name == Self.defaultModelName }
        let fitting = usable.first { model in model.memory.map { $0.byteCount <= $0.available } ?? true }
        if let model = shipped ?? fitting ?? usable.first { return model }
        throw noModel
    }

    var noModel: CommandLineError {
        CommandLineError(
            "No model installed. \"sotto pull default\" downloads a small one, \"sotto models recommend\" names others. "
                + "Or put a GGUF file in \(home.models)")
    }

    static let defaultModelName = DownloadableModel.standard.name

    // MARK: Themes

    /// The themes from files, and the one that is part of the program.
    func themes() -> [Theme] {
        let files = themeFiles().map { file in
            let content: ThemeLibrary.File.Content
            do {
                // Regular files only: a pipe in the folder would keep the program from starting.
                let bytes = try FileAccess.read(file.path, limit: Self.themeBytes)
                guard let text = String(validating: bytes, as: UTF8.self) else {
                    throw CommandLineError("\(file.path) is not UTF-8 text")
                }
                content = .text(text)
            } catch {
                content = .unreadable("\(error)")
            }
            let name = file.deletingPathExtension().lastPathComponent
            return ThemeLibrary.File(label: file.lastPathComponent, name: name, content)
        }
        return ThemeLibrary(files).themes + [.minimal]
    }

    /// Built-in themes first, starting with `dark`, which is the default.
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
