import Chat

extension AppState {
    /// A model's name as it is shown: without the folder and extension of its file, and without the format, which is
    /// shown next to it. Only a path has a folder: the slashes in "alice/mine:latest" are part of the name.
    func displayName(of reference: ModelReference) -> String {
        let isFile = reference.name.hasSuffix(".gguf")
        let isPath = isFile || reference.name.hasPrefix("/")
        let file = isPath ? reference.name.split(separator: "/").last.map(String.init) ?? "" : reference.name
        let name = isFile ? String(file.dropLast(5)) : file
        guard let format = library.info(of: reference)?.format,
            name.lowercased().hasSuffix(format.lowercased())
        else { return name }
        let stem = name.dropLast(format.count)
        return stem.count > 1 && stem.last.map { ".-_ ".contains($0) } == true ? String(stem.dropLast()) : name
    }
}
