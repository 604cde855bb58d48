import CKernels
import GGUF

/// The low-rank change of a matrix: y = W·x + scale · B·(A·x). (Hu et al. 2021, "LoRA")
struct LowRankUpdate {
    let a: sotto_matrix  // [rank × cols]
    var b: sotto_matrix  // [rows × rank]
    /// The adapter's alpha divided by its rank; 1 if alpha is 0.
    let scale: Float
}

/// Low-rank changes of a model's matrices: a GGUF file, as in `ADAPTER` of an Ollama Modelfile, or a folder of PEFT, for a
/// folder with a model or a GGUF file. In a file, the tensors of the matrix `blk.0.attn_q.weight` are called
/// `blk.0.attn_q.weight.lora_a` and `….lora_b`.
struct LoRAAdapter {
    private let path: String
    private let form: Form

    private enum Form {
        case file(GGUFSource, alpha: Float)
        case folder(AdapterFolder)
        case translated(AdapterFolder, TranslatedAdapter)
    }

    private static let suffixes = [".lora_a", ".lora_b"]

    var byteCount: Int {
        switch form {
        case .file(let file, _): file.byteCount
        case .folder(let folder), .translated(let folder, _): folder.byteCount
        }
    }

    /// Throws unless it is an adapter for models of `model`'s architecture that changes nothing but its matrices.
    init(path: String, model: any ModelSource) throws(ModelError) {
        self.path = path
        let targets: [(tensor: String, matrix: String?)]
        if ModelFiles.isFolder(path) {
            let folder = try Self.folder(path)
            if let file = model as? GGUFSource {
                let translated = try TranslatedAdapter(folder, file)
                form = .translated(folder, translated)
                targets = translated.targets
            } else {
                form = .folder(folder)
                targets = folder.targets
            }
        } else {
            let (file, alpha) = try Self.file(path, architecture: model.architecture)
            form = .file(file, alpha: alpha)
            targets = file.tensors.map { tensor in
                let matrix = Self.suffixes.first { tensor.name.hasSuffix($0) }.map { tensor.name.dropLast($0.count) }
                return (tensor.name, matrix.map(String.init))
            }
        }
        let matrices = Set(model.tensors.filter { $0.dimensions.count == 2 }.map(\.name))
        let embedding = model.tensor(.tokenEmbedding, .weight)?.name
        for target in targets {
            // An input embedding is read row by row, not multiplied.
            guard let matrix = target.matrix, matrix != embedding ?? "", matrices.contains(matrix) else {
                throw .adapter(path, "It changes \(target.tensor), which is no matrix of this model")
            }
        }
    }

    private static func folder(_ path: String) throws(ModelError) -> AdapterFolder {
        do throws(CheckpointError) {
            return try AdapterFolder(path)
        } catch {
            throw .adapter(path, "\(error)")
        }
    }

    private static func file(
        _ path: String, architecture: String?
    ) throws(ModelError) -> (GGUFSource, alpha: Float) {
        let file: GGUFFile
        do throws(GGUFError) { file = try GGUFFile(path: path) } catch { throw .adapter(path, "\(error.reason)") }
        let kind = [file.metadata["general.type"]?.string, file.metadata["adapter.type"]?.string]
        guard kind == ["adapter", "lora"] else { throw .adapter(path, "It is not a LoRA adapter") }
        guard let name = file.metadata["general.architecture"]?.string, name == architecture else {
            throw .adapter(path, "It is not for models of the architecture \(architecture ?? "")")
        }
        guard let alpha = file.metadata["adapter.lora.alpha"]?.float, alpha.isFinite else {
            throw .adapter(path, "adapter.lora.alpha is missing or not a number")
        }
        return (GGUFSource(file), Float(alpha))
    }

    /// The change of a matrix; nil if the adapter has none.
    func update(of tensor: String, rows: Int, cols: Int) throws(ModelError) -> LowRankUpdate? {
        do throws(ModelError) {
            guard let (a, b) = try change(of: tensor) else { return nil }
            let first = try a.matrix(cols: cols)
            let second = try b.matrix(rows: rows, cols: Int(first.rows))
            return LowRankUpdate(a: first, b: second, scale: scale(rank: Int(first.rows)))
        } catch {
            throw .adapter(path, "\(error)")
        }
    }

    private func change(of tensor: String) throws(ModelError) -> (a: TensorView, b: TensorView)? {
        switch form {
        case .folder(let folder): return folder.change(of: tensor)
        case .translated(_, let adapter): return adapter.changes[tensor]
        case .file(let file, _):
            let names = (tensor + Self.suffixes[0], tensor + Self.suffixes[1])
            guard file.tensor(named: names.0) != nil || file.tensor(named: names.1) != nil else { return nil }
            guard let a = file.tensor(named: names.0) else { throw .missingTensor(names.0) }
            guard let b = file.tensor(named: names.1) else { throw .missingTensor(names.1) }
            return (a, b)
        }
    }

    private func scale(rank: Int) -> Float {
        switch form {
        case .folder(let folder), .translated(let folder, _): folder.scale
        // Some adapters are made with an alpha of 0, which stands for "no scaling".
        case .file(_, let alpha): alpha == 0 ? 1 : alpha / Float(rank)
        }
    }
}
