import Files
import Foundation
import JSON

/// Where LM Studio keeps models and presets.
enum LMStudioStore {
    /// In bytes, of its settings and of the file with the path of its folder.
    private static let settingsLimit = 1 << 20

    static func stores(_ locations: StoreLocations) -> [any FileStore] {
        modelFolders(locations).map { FolderStore($0, store: .lmStudio) }
    }

    /// The folders with models: in LM Studio's own folders, and those that the user chose in its settings.
    static func modelFolders(_ locations: StoreLocations) -> [URL] {
        let homes = homes(locations)
        let chosen = homes.compactMap { home -> URL? in
            let settings = home.appending(path: "settings.json").path(percentEncoded: false)
            guard let bytes = try? FileIO<ModelFileError>.read(settings, limit: settingsLimit),
                let folder = (try? JSONReader.read(bytes))?.object?["downloadsFolder"]?.string, folder.hasPrefix("/")
            else { return nil }
            return URL(filePath: folder)
        }
        return (homes.map { $0.appending(path: "models") } + chosen).withoutRepetitions
    }

    /// LM Studio's folders: the one that `~/.lmstudio-home-pointer` names, today's usual one, and that of old versions.
    static func homes(_ locations: StoreLocations) -> [URL] {
        let pointer = locations.home.appending(path: ".lmstudio-home-pointer").path(percentEncoded: false)
        let bytes = (try? FileIO<ModelFileError>.read(pointer, limit: settingsLimit)) ?? []
        let named = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        let usual = [".lmstudio", ".cache/lm-studio"].map { locations.home.appending(path: $0) }
        return ((named.hasPrefix("/") ? [URL(filePath: named)] : []) + usual).withoutRepetitions
    }
}
