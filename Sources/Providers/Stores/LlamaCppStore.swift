import Foundation

/// The download cache of llama.cpp: files in one folder. Versions since 2026 use the layout of Hugging Face's cache, in
/// the folder that `LLAMA_CACHE` names if it is set.
enum LlamaCppStore {
    static func stores(_ locations: StoreLocations) -> [any FileStore] {
        let folder = folder(locations)
        return [FolderStore(folder, depth: 1, store: .llamaCpp), HuggingFaceStore(root: folder, store: .llamaCpp)]
    }

    private static func folder(_ locations: StoreLocations) -> URL {
        if let named = locations.folder("LLAMA_CACHE") { return named }
        #if os(macOS)
            return locations.home.appending(path: "Library/Caches/llama.cpp")
        #else
            let caches = locations.folder("XDG_CACHE_HOME") ?? locations.home.appending(path: ".cache")
            return caches.appending(path: "llama.cpp")
        #endif
    }
}
