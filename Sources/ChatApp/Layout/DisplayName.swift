import Chat

extension AppState {
    /// A model's name as it is shown: without the folder and extension of its file, and without the format, which is
    /// shown next to it.
    func displayName(of reference: ModelReference) -> String {
        let file = reference.name.split(separator: "/").last.map(String.init) ?? reference.name
        let name = file.hasSuffix(".gguf") ? String(file.dropLast(5)) : file
        guard let format = library.info(of: reference)?.format,
            name.lowercased().hasSuffix(format.lowercased())
        else { return name }
        let stem = name.dropLast(format.count)
        return stem.count > 1 && stem.last.map { ".-_ ".contains($0) } == true ? String(stem.dropLast()) : name
    }
}
