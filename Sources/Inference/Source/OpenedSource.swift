/// Opens a model, whatever its format.
package enum OpenedSource {
    /// - Parameter path: of a GGUF file, of one part of a split one, of a folder of Hugging Face's libraries, or of a folder or
    ///   a graph of an ONNX export.
    package static func open(_ path: String) throws(ModelError) -> any StoredModel {
        switch ModelForm(path) {
        case .gguf: return try GGUFSource.open(path)
        case .export: return try ONNXExport(path: path)
        case .checkpoint:
            do throws(CheckpointError) {
                return try CheckpointSource(path: path)
            } catch {
                throw .checkpoint(error)
            }
        }
    }
}
