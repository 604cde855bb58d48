import Files
import GGUF
import Safetensors
import TorchFiles

/// The tensors of a folder's files, by name.
final class CheckpointWeights: Sendable {
    private let files: [any WeightFile]
    private let views: [String: TensorView]
    /// In the order of the files, and of each file's data.
    let names: [String]
    /// Whether matrices have factors (`scale`): those of NVFP4 do.
    let hasMatrixFactors: Bool

    /// - Parameter config: how the weights are packed.
    convenience init(_ folder: CheckpointFolder, _ config: QuantizationConfig) throws(CheckpointError) {
        try self.init(files: try folder.weightFiles(), config)
    }

    /// - Parameter paths: of the files.
    init(
        files paths: [String], _ config: QuantizationConfig = QuantizationConfig(nil)
    ) throws(CheckpointError) {
        var files: [any WeightFile] = []
        var views: [String: TensorView] = [:]
        var names: [String] = []
        for path in paths {
            let file = try Self.open(path)
            for view in file.views {
                guard views.updateValue(view, forKey: view.name) == nil else {
                    throw .duplicateTensor(view.name, path: path)
                }
                names.append(view.name)
            }
            files.append(file)
        }
        let mapped = files.map(\.file)
        let packed = PackedTensors(views, config) { mapped.release($0) }
        var unpacked: [TensorView] = []
        for name in names {
            if let view = views[name] { unpacked += try packed.unpacked(view) }
        }
        self.files = files
        self.views = Dictionary(unpacked.map { ($0.name, $0) }) { first, _ in first }
        self.names = unpacked.map(\.name)
        hasMatrixFactors = unpacked.contains { $0.type.name == "NVFP4" }
    }

    /// Memory for packed weights beside that of the files.
    var derivedBytes: Int {
        views.values.reduce(0) { sum, view in
            guard case .derived(let tensor) = view.content else { return sum }
            return sum + tensor.additionalBytes
        }
    }

    private static func open(_ path: String) throws(CheckpointError) -> any WeightFile {
        if path.hasSuffix(".safetensors") {
            do throws(SafetensorsError) { return try SafetensorsFile(path: path) } catch { throw .safetensors(error) }
        }
        do throws(TorchFileError) { return try TorchFile(path: path) } catch { throw .torch(error) }
    }

    func has(_ name: String) -> Bool { views[name] != nil }

    /// A tensor as the engine sees it; nil if there is none of that name.
    func tensor(_ name: String) -> TensorView? { views[name] }

    /// The value of a tensor of one floating-point number; nil if there is none of that name.
    func number(_ name: String) -> Double? {
        guard let tensor = tensor(name), tensor.elementCount == 1, let format = QuantizedType(id: tensor.type.id),
            let data = tensor.bytes.baseAddress
        else { return nil }
        var value = [Float(0)]
        value.withUnsafeMutableBufferPointer { format.dequantize(data, to: $0) }
        return value[0].isFinite ? Double(value[0]) : nil
    }

    // MARK: Memory

    private var mapped: [MappedFile] { files.map(\.file) }

    var byteCount: Int { mapped.byteCount }
    var residentShare: Double { mapped.residentShare }

    func readAhead(isCancelled: () -> Bool, progress: (Double) -> Void) {
        mapped.readAhead(isCancelled: isCancelled, progress: progress)
    }

    func releaseMemory(of bytes: UnsafeRawBufferPointer) { mapped.release(bytes) }
}
