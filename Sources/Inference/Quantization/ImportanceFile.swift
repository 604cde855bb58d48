import GGUF

/// Reading and writing importance matrices.
extension ImportanceMatrix {
    private static let sumsSuffix = ".in_sum2"
    private static let countsSuffix = ".counts"

    /// Reads a file, and checks that its numbers can be used.
    public init(path: String) throws(QuantizationError) {
        let file: GGUFFile
        do throws(GGUFError) {
            file = try GGUFFile(path: path)
        } catch {
            guard case .notGGUF = error.problem else {
                throw .cannotRead(path: path, reason: "\(error.problem)")
            }
            throw .notAnImportanceMatrix(
                path: path, reason: "it is not a GGUF file (older .dat files are not supported)")
        }
        guard file.metadata["general.type"]?.string == "imatrix" else {
            throw .notAnImportanceMatrix(path: path, reason: "its general.type is not \"imatrix\"")
        }
        var entries: [String: Entry] = [:]
        for tensor in file.tensors where tensor.name.hasSuffix(Self.sumsSuffix) {
            let name = String(tensor.name.dropLast(Self.sumsSuffix.count))
            guard let counts = file.tensor(named: name + Self.countsSuffix),
                let entry = Self.entry(sums: Self.floats(tensor, file), counts: Self.floats(counts, file))
            else { throw .notAnImportanceMatrix(path: path, reason: "its numbers for \"\(name)\" are not usable") }
            entries[name] = entry
        }
        guard !entries.isEmpty else { throw .notAnImportanceMatrix(path: path, reason: "it has no tensors") }
        self.init(
            path: path, entries: entries, datasets: file.metadata["imatrix.datasets"]?.array?.strings() ?? [],
            chunks: max(0, file.metadata["imatrix.chunk_count"]?.int ?? 0),
            chunkSize: max(0, file.metadata["imatrix.chunk_size"]?.int ?? 0))
    }

    /// Nil unless all numbers are finite and not negative, and there are as many columns for each count.
    private static func entry(sums: [Float]?, counts: [Float]?) -> Entry? {
        guard let sums, let counts, !counts.isEmpty, sums.count.isMultiple(of: counts.count),
            (sums + counts).allSatisfy({ $0.isFinite && $0 >= 0 })
        else { return nil }
        return Entry(sums: sums, counts: counts)
    }

    /// The tensor's numbers; nil if it is not F32.
    private static func floats(_ tensor: TensorInfo, _ file: GGUFFile) -> [Float]? {
        guard tensor.type == TensorType.all[0] else { return nil }
        let bytes = file.bytes(of: tensor)
        return (0..<tensor.elementCount).map { index in
            bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Float>.size, as: Float.self)
        }
    }

    /// Writes the matrix.
    public func write(to output: OutputFile) throws {
        var writer = GGUFWriter()
        writer.add("general.type", .string("imatrix"))
        writer.add("imatrix.datasets", strings: datasets)
        writer.add("imatrix.chunk_count", .uint32(UInt32(clamping: chunks)))
        writer.add("imatrix.chunk_size", .uint32(UInt32(clamping: chunkSize)))
        var data: [[Float]] = []
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            let matrices = entry.counts.count
            writer.addTensor(
                name + Self.sumsSuffix, dimensions: [entry.sums.count / matrices, matrices], type: TensorType.all[0])
            writer.addTensor(name + Self.countsSuffix, dimensions: [1, matrices], type: TensorType.all[0])
            data += [entry.sums, entry.counts]
        }
        try output.write { unfinished in
            try writer.write(to: unfinished) { index in data[index].withUnsafeBytes { Array($0) } }
        }
    }
}
