import GGUF

/// The mean squared inputs of a model's matrices, column by column, for a text: errors in columns with large inputs matter
/// more. Files have the form of llama.cpp's `llama-imatrix`.
public struct ImportanceMatrix: Sendable {
    /// Of a tensor, which has a matrix for each expert or only one.
    struct Entry: Sendable {
        /// Σx² of each column. [matrices][columns]
        var sums: [Float]
        /// How many rows of inputs were added up. [matrices]
        var counts: [Float]
    }

    /// Where it was read from.
    public let path: String
    /// By name of tensor.
    var entries: [String: Entry]
    /// The names of the texts.
    public var datasets: [String]
    /// How many chunks of text the model read, and the tokens of each.
    public var chunks: Int
    public var chunkSize: Int

    public var tensorCount: Int { entries.count }

    /// The matrices of experts, and how many of them no token of the text has used.
    public var experts: (count: Int, unused: Int) {
        let counts = entries.values.flatMap { $0.counts.count > 1 ? $0.counts : [] }
        return (counts.count, counts.count { $0 == 0 })
    }

    func contains(_ tensor: String) -> Bool { entries[tensor] != nil }

    /// Tensors that quantize well without: embeddings, which are not multiplied with anything, and the output matrix, which
    /// the reference leaves out, too.
    static func isLeftOut(_ tensor: String) -> Bool { !tensor.hasPrefix("blk.") }

    /// The mean squared inputs of the tensor's columns; nil if there are none.
    func rows(of tensor: TensorInfo) throws(QuantizationError) -> RowImportance? {
        guard let entry = entries[tensor.name] else { return nil }
        let columns = tensor.dimensions.first ?? 1
        let rows = tensor.dimensions.count > 1 ? tensor.dimensions[1] : 1
        let matrices = tensor.elementCount / (columns * rows)
        guard entry.sums.count == columns * matrices, matrices.isMultiple(of: entry.counts.count) else {
            // The output matrix of a model with tied embeddings may have an entry, and pruned vocabularies another shape.
            if Self.isLeftOut(tensor.name) { return nil }
            throw .importanceOfAnotherModel(path: path, tensor: tensor.name)
        }
        let share = entry.sums.count / entry.counts.count
        let means = entry.sums.indices.map { index in
            let count = entry.counts[index / share]
            // An expert that no token chose: all columns are alike.
            return count > 0 ? entry.sums[index] / count : 1
        }
        return RowImportance(values: means, cols: columns, rows: rows)
    }

    /// What a quantized file says about the matrix it was made with.
    var provenance: [(key: String, value: GGUFValue)] {
        var facts: [(key: String, value: GGUFValue)] = [
            ("quantize.imatrix.file", .string(String(path.split(separator: "/").last ?? ""))),
            ("quantize.imatrix.entries_count", .uint32(UInt32(clamping: entries.count))),
            ("quantize.imatrix.chunks_count", .uint32(UInt32(clamping: chunks))),
        ]
        if let text = datasets.first { facts.insert(("quantize.imatrix.dataset", .string(text)), at: 1) }
        return facts
    }
}
