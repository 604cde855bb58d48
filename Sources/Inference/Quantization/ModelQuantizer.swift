import GGUF

/// Converts the matrices of a model file to other number formats.
///
/// Keeps metadata, vectors and norms. An importance matrix, if there is one, says how much errors in each column count. Tensors are processed in pieces: read from the mapped file, converted to floats row
/// by row, quantized and written to a temporary file, which gets its final name when it is complete.
public struct ModelQuantizer {
    /// The tensor being converted.
    public struct Progress: Sendable {
        public let tensor: String
        /// 1…count
        public let index: Int
        public let count: Int
        public let source: TensorType
        public let target: TensorType
    }

    public let file: GGUFFile
    public let scheme: QuantizationScheme
    private let importance: ImportanceMatrix?
    private let steps: [Step]

    private struct Step {
        let tensor: TensorInfo
        let target: TensorType
        var byteCount: Int { tensor.elementCount / target.blockElements * target.blockBytes }
    }

    /// Throws if the file has no tensors, one that must be converted is of an unsupported type, or the importance matrix
    /// is of another model.
    public init(
        file: GGUFFile, scheme: QuantizationScheme, importance: ImportanceMatrix? = nil
    ) throws(QuantizationError) {
        self.file = file
        self.scheme = scheme
        self.importance = importance
        let rules = QuantizationRules(scheme: scheme, model: QuantizedModel(file, hasImportance: importance != nil))
        steps = file.tensors.map { tensor in
            let target = rules.type(named: tensor.name, dimensions: tensor.dimensions, own: tensor.type)
            return Step(tensor: tensor, target: target)
        }
        guard !steps.isEmpty else { throw .noTensors(path: file.path) }
        for step in steps where step.target != step.tensor.type && QuantizedType(id: step.tensor.type.id) == nil {
            throw .unreadableType(tensor: step.tensor.name, type: step.tensor.type.name)
        }
        for step in steps { _ = try importance?.rows(of: step.tensor) }
    }

    /// The numbers of parameters, and the bytes of the new file's tensors.
    public var weightUse: WeightUse {
        let types = Dictionary(uniqueKeysWithValues: steps.map { ($0.tensor.name, $0.byteCount) })
        return WeightUse(file) { types[$0.name] ?? $0.byteCount }
    }

    /// Whether matrices lose precision again because the file is already quantized.
    public var requantizes: Bool {
        steps.contains { $0.tensor.type.blockElements > 1 && $0.target != $0.tensor.type }
    }

    /// The names of matrices that are quantized although the importance matrix has nothing about them. Embeddings are not
    /// among them: they are not multiplied with anything.
    public var matricesWithoutImportance: [String] {
        guard let importance else { return [] }
        return steps.filter { step in
            step.target != step.tensor.type && step.target.blockElements > 1 && !importance.contains(step.tensor.name)
                && !ImportanceMatrix.isLeftOut(step.tensor.name)
        }.map(\.tensor.name)
    }

    /// Writes the new file with `threads` threads.
    public func write(
        to output: OutputFile, threads: Int, instructionSet: InstructionSet = .best,
        progress: (Progress) -> Void = { _ in }
    ) throws {
        try output.write { unfinished in
            try declaration().write(to: unfinished) { index, put in
                let step = steps[index]
                progress(
                    Progress(
                        tensor: step.tensor.name, index: index + 1, count: steps.count, source: step.tensor.type,
                        target: step.target))
                let importance = try importance?.rows(of: step.tensor)
                try write(step, put) {
                    RowEncoder(
                        type: $0, threads: max(1, threads), instructionSet: instructionSet, importance: importance)
                }
            }
        }
    }

    /// The version of the block layouts, for `general.quantization_version`.
    static var quantizationVersion: UInt32 { 2 }

    /// The new file's metadata and tensors: the old ones, except for keys about the format and the types of tensors.
    private func declaration() -> GGUFWriter {
        var writer = GGUFWriter(alignment: file.alignment)
        let format: [(key: String, value: GGUFValue)] = [
            ("general.file_type", .uint32(scheme.fileType)),
            ("general.quantization_version", .uint32(Self.quantizationVersion)),
        ]
        let replaced = format + (importance?.provenance ?? [])
        for entry in file.metadata.entries
        where entry.key != "general.alignment" && !entry.key.hasPrefix("split.")
            && !replaced.contains(where: { $0.key == entry.key })
        {
            writer.add(entry.key, entry.value)
        }
        for (key, value) in replaced { writer.add(key, value) }
        for step in steps {
            writer.addTensor(step.tensor.name, dimensions: step.tensor.dimensions, type: step.target)
        }
        return writer
    }

    private func write(
        _ step: Step, _ put: ([UInt8]) throws -> Void, encoder: (QuantizedType) -> RowEncoder
    ) throws {
        let tensor = step.tensor
        // The mapping is read-only and exists as long as `file`.
        nonisolated(unsafe) let stored = file.bytes(of: tensor)
        guard step.target != tensor.type, let start = stored.baseAddress else { return try put(Array(stored)) }
        guard let source = QuantizedType(id: tensor.type.id), let target = QuantizedType(id: step.target.id) else {
            throw QuantizationError.unreadableType(tensor: tensor.name, type: tensor.type.name)
        }
        let cols = tensor.dimensions[0]
        let rowBytes = cols / source.blockElements * source.blockBytes
        nonisolated(unsafe) let rows = start
        let fits = try encoder(target).encode(rows: tensor.elementCount / cols, cols: cols, put) { row, floats in
            source.dequantize(rows + row * rowBytes, to: floats)
        }
        if !fits { throw QuantizationError.valueOutOfRange(tensor: tensor.name, type: step.target.name) }
    }
}
