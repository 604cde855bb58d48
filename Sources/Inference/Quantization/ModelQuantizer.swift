import GGUF

/// Rewrites a model file with its matrices in other number formats.
///
/// Metadata, vectors and norms are kept. One tensor at a time is read from the mapped file, turned into floats row by
/// row, quantized and written, to a file beside the output that takes its name when it is complete.
public struct ModelQuantizer {
    /// One tensor's place in the work.
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
    private let plan: QuantizationPlan

    /// Throws when the file has no tensors or one that has to be converted cannot be read.
    public init(file: GGUFFile, scheme: QuantizationScheme) throws(QuantizationError) {
        self.file = file
        self.scheme = scheme
        plan = QuantizationPlan(file: file, scheme: scheme)
        guard !plan.steps.isEmpty else { throw .noTensors(path: file.path) }
        for step in plan.steps where step.target != step.tensor.type && QuantizedType(id: step.tensor.type.id) == nil {
            throw .unreadableType(tensor: step.tensor.name, type: step.tensor.type.name)
        }
    }

    /// The bytes of the new file's tensors.
    public var tensorBytes: Int { plan.steps.reduce(0) { $0 + $1.byteCount } }

    /// Whether matrices lose precision a second time, because the file is a quantized one already.
    public var requantizes: Bool {
        plan.steps.contains { $0.tensor.type.blockElements > 1 && $0.target != $0.tensor.type }
    }

    /// Writes the new file with `threads` threads. An existing file is replaced only with `overwriting`.
    public func write(
        to path: String, threads: Int, overwriting: Bool, progress: (Progress) -> Void = { _ in }
    ) throws {
        let output = try OutputFile(path, source: file.path, overwriting: overwriting)
        try output.write { unfinished in
            try announced().write(to: unfinished) { index in
                let step = plan.steps[index]
                progress(
                    Progress(
                        tensor: step.tensor.name, index: index + 1, count: plan.steps.count, source: step.tensor.type,
                        target: step.target))
                return try bytes(of: step, threads: max(1, threads))
            }
        }
    }

    /// The version of the block layouts that the file's matrices have, as `general.quantization_version` counts them.
    private static var quantizationVersion: UInt32 { 2 }

    /// The head of the new file: the old metadata with the keys that speak of the format renewed, and the new tensors.
    private func announced() -> GGUFWriter {
        var writer = GGUFWriter(alignment: file.alignment)
        let renewed: [(key: String, value: GGUFValue)] = [
            ("general.file_type", .uint32(scheme.fileType)),
            ("general.quantization_version", .uint32(Self.quantizationVersion)),
        ]
        for entry in file.metadata.entries
        where entry.key != "general.alignment" && !renewed.contains(where: { $0.key == entry.key }) {
            writer.add(entry.key, entry.value)
        }
        for (key, value) in renewed { writer.add(key, value) }
        for step in plan.steps {
            writer.addTensor(step.tensor.name, dimensions: step.tensor.dimensions, type: step.target)
        }
        return writer
    }

    private func bytes(of step: QuantizationPlan.Step, threads: Int) throws(QuantizationError) -> [UInt8] {
        let tensor = step.tensor
        // The mapping is read-only and lives as long as `file`.
        nonisolated(unsafe) let stored = file.bytes(of: tensor)
        guard step.target != tensor.type, let start = stored.baseAddress else { return Array(stored) }
        guard let source = QuantizedType(id: tensor.type.id), let target = QuantizedType(id: step.target.id) else {
            throw .unreadableType(tensor: tensor.name, type: tensor.type.name)
        }
        let cols = tensor.dimensions[0]
        let rowBytes = cols / source.blockElements * source.blockBytes
        nonisolated(unsafe) let rows = start
        let encoder = RowEncoder(type: target, threads: threads)
        let encoded = encoder.encode(rows: tensor.elementCount / cols, cols: cols) { row, floats in
            source.dequantize(rows + row * rowBytes, to: floats)
        }
        guard let encoded else { throw .valueOutOfReach(tensor: tensor.name, type: step.target.name) }
        return encoded
    }
}
