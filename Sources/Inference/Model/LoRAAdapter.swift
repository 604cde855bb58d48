import CKernels
import GGUF

/// The low-rank change of a matrix: y = W·x + scale · B·(A·x). (Hu et al. 2021, "LoRA")
struct LowRankUpdate {
    let a: sotto_matrix  // [rank × cols]
    var b: sotto_matrix  // [rows × rank]
    /// The adapter's alpha divided by its rank; 1 if alpha is 0.
    let scale: Float
}

/// A file with low-rank changes of a model's matrices, as in `ADAPTER` of an Ollama Modelfile. The tensors of the matrix
/// `blk.0.attn_q.weight` are called `blk.0.attn_q.weight.lora_a` and `….lora_b`.
struct LoRAAdapter {
    private let path: String
    private let alpha: Float
    private let file: GGUFSource

    private static let suffixes = [".lora_a", ".lora_b"]

    var byteCount: Int { file.byteCount }

    /// Throws unless the file is an adapter for models of `model`'s architecture that changes nothing but its matrices.
    init(path: String, model: any ModelSource) throws(ModelError) {
        let file: GGUFFile
        do throws(GGUFError) { file = try GGUFFile(path: path) } catch { throw .adapter(path, "\(error.reason)") }
        let kind = [file.metadata["general.type"]?.string, file.metadata["adapter.type"]?.string]
        guard kind == ["adapter", "lora"] else { throw .adapter(path, "It is not a LoRA adapter") }
        guard let name = file.metadata["general.architecture"]?.string, name == model.architecture else {
            throw .adapter(path, "It is not for models of the architecture \(model.architecture ?? "")")
        }
        guard let alpha = file.metadata["adapter.lora.alpha"]?.float, alpha.isFinite else {
            throw .adapter(path, "adapter.lora.alpha is missing or not a number")
        }
        let matrices = Set(model.tensors.filter { $0.dimensions.count == 2 }.map(\.name))
        let embedding = model.tensor(.tokenEmbedding, .weight)?.name
        for tensor in file.tensors {
            let target = Self.suffixes.first { tensor.name.hasSuffix($0) }.map { tensor.name.dropLast($0.count) }
            // An input embedding is read row by row, not multiplied.
            guard let target, target != embedding ?? "", matrices.contains(String(target)) else {
                throw .adapter(path, "It changes \(tensor.name), which is no matrix of this model")
            }
        }
        self.path = path
        self.alpha = Float(alpha)
        self.file = GGUFSource(file)
    }

    /// The change of a matrix; nil if the adapter has none.
    func update(of tensor: String, rows: Int, cols: Int) throws(ModelError) -> LowRankUpdate? {
        let (first, second) = (tensor + Self.suffixes[0], tensor + Self.suffixes[1])
        guard file.tensor(named: first) != nil || file.tensor(named: second) != nil else { return nil }
        do throws(ModelError) {
            guard let first = file.tensor(named: first) else { throw .missingTensor(first) }
            guard let second = file.tensor(named: second) else { throw .missingTensor(second) }
            let a = try first.matrix(cols: cols)
            let b = try second.matrix(rows: rows, cols: Int(a.rows))
            // Some adapters are made with an alpha of 0, which stands for "no scaling".
            return LowRankUpdate(a: a, b: b, scale: alpha == 0 ? 1 : alpha / Float(a.rows))
        } catch {
            throw .adapter(path, "\(error)")
        }
    }
}
