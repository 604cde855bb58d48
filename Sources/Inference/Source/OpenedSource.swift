/// Opens a model, whatever its format.
package enum OpenedSource {
    /// - Parameter path: of a GGUF file, of one part of a split one, or of a folder of Hugging Face's libraries.
    package static func open(_ path: String) throws(ModelError) -> any ModelSource {
        guard ModelFiles.isFolder(path) else { return try GGUFSource.open(path) }
        do throws(CheckpointError) {
            return try CheckpointSource(path: path)
        } catch {
            throw .checkpoint(error)
        }
    }
}
