import CKernels

/// Adds up the squared inputs of a model's matrices while it reads a text.
final class ImportanceCollector: InputObserver {
    /// The sums of a tensor.
    fileprivate struct Sums {
        let cols: Int
        /// [matrices][cols]
        var squares: [Double]
        /// [matrices]
        var counts: [Int]

        init(matrices: Int, cols: Int) {
            self.cols = cols
            squares = [Double](repeating: 0, count: matrices * cols)
            counts = [Int](repeating: 0, count: matrices)
        }
    }

    /// The tensors of layers, by where they are in memory.
    private let names: [UnsafeRawPointer: String]
    private var sums: [String: Sums] = [:]

    /// - Parameter tensors: of the model which is observed.
    init(_ tensors: [TensorView]) {
        let matrices = tensors.filter { !ImportanceMatrix.isLeftOut($0.name) && $0.dimensions.count > 1 }
        names = Dictionary(
            matrices.compactMap { tensor in tensor.bytes.baseAddress.map { ($0, tensor.name) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// The later parts of a tensor that is used in parts are not counted: they have the same input as the first.
    func observe(
        _ matrix: sotto_matrix, _ x: UnsafePointer<Float>, stride: Int, count: Int, rows: ExpertRows?, isGrouped: Bool
    ) {
        guard let name = names[UnsafeRawPointer(matrix.data)] else { return }
        let cols = Int(matrix.cols)
        let matrices = rows.map { $0.starts.count - 1 } ?? 1
        sums[name, default: Sums(matrices: matrices, cols: cols)]
            .add(x, stride: stride, count: count, rows: rows, isGrouped: isGrouped)
    }

    /// What has been added up.
    var entries: [String: ImportanceMatrix.Entry] {
        sums.mapValues { .init(sums: $0.squares.map(Float.init), counts: $0.counts.map(Float.init)) }
    }
}

extension ImportanceCollector.Sums {
    fileprivate mutating func add(
        _ x: UnsafePointer<Float>, stride: Int, count: Int, rows: ExpertRows?, isGrouped: Bool
    ) {
        guard let rows else {
            for row in 0..<count { add(x + row * stride, matrix: 0) }
            return
        }
        for expert in counts.indices {
            for row in Int(rows.starts[expert])..<Int(rows.starts[expert + 1]) {
                let source = isGrouped ? row : Int(rows.tokens[row])
                add(x + source * stride, matrix: expert)
            }
        }
    }

    private mutating func add(_ row: UnsafePointer<Float>, matrix: Int) {
        counts[matrix] += 1
        squares.withUnsafeMutableBufferPointer { squares in
            for column in 0..<cols {
                let value = Double(row[column])
                squares[matrix * cols + column] += value * value
            }
        }
    }
}

extension Engine {
    /// The importance matrix of the model for a text, collected like llama.cpp's tool, so that files are comparable.
    ///
    /// The tokens are divided into chunks (without a partial last one), each starting with an empty cache. If the model uses
    /// a begin-of-sequence token, it replaces a chunk's first token.
    ///
    /// - Parameters:
    ///   - tokens: the text's tokens, including the begin-of-sequence token if the model uses one.
    ///   - chunkSize: tokens of a chunk.
    ///   - dataset: the text's name.
    ///   - progress: called with the number of chunks done, and of all chunks.
    public func importance(
        tokens: [Int32], chunkSize: Int, dataset: String, progress: @Sendable (Int, Int) -> Void = { _, _ in }
    ) throws(EngineError) -> ImportanceMatrix {
        let chunkSize = min(chunkSize, contextLength)
        guard tokens.count >= chunkSize else { throw .textTooShort(tokens: tokens.count, least: chunkSize) }
        guard let transformer = model.transformer, let decoder = runner as? Decoder else {
            throw .needsOwnDecoder("An importance matrix")
        }
        let collector = ImportanceCollector(transformer.weights.source.tensors)
        let chunks = tokens.count / chunkSize
        let bos = model.tokenizer.flatMap { $0.addsBOS ? $0.bos : nil }
        decoder.observer = collector
        defer { decoder.observer = nil }
        for index in 0..<chunks {
            progress(index, chunks)
            var chunk = Array(tokens[index * chunkSize..<(index + 1) * chunkSize])
            if let bos { chunk[0] = bos }
            try check(chunk)
            cached = []
            while cached.count < chunk.count {
                let count = min(runner.prefillBatch, chunk.count - cached.count)
                try advance(chunk[cached.count..<cached.count + count])
            }
        }
        progress(chunks, chunks)
        let entries = collector.entries
        guard entries.values.allSatisfy({ $0.sums.allSatisfy(\.isFinite) }) else {
            throw .notFinite(position: cached.count - 1)
        }
        return ImportanceMatrix(
            path: "", entries: entries, datasets: [dataset], chunks: chunks, chunkSize: chunkSize)
    }
}
