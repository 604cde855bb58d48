/// An ONNX export.
struct ONNXSize: ModelSize {
    let trainedContext: Int
    /// ONNX Runtime rearranges weights in memory of its own.
    let mappedBytes = 0
    let standardPrefillBatch: Int
    private let weightBytes: Int
    private let interface: ONNXInterface
    private let hiddenSize: Int

    /// Bytes of the logits of a pass.
    private static let mostLogitBytes = 64 << 20

    init(_ export: ONNXExport, _ interface: ONNXInterface) {
        self.interface = interface
        trainedContext = export.config.contextLength
        weightBytes = export.byteCount
        hiddenSize = export.config.hiddenSize ?? 0
        let layers = export.config.layers ?? interface.caches.count / 2
        let usual = Self.prefillBatch(parametersPerLayer: export.weightUse.activeParameters / max(1, layers))
        let fitting = Self.mostLogitBytes / interface.logitBytes
        standardPrefillBatch = [usual, 256, 128, 64].first { $0 <= min(usual, fitting) } ?? 32
    }

    /// What attention cannot write in place exists twice: before and after a pass.
    func bytesPerToken(_ options: EngineOptions) -> Int {
        interface.caches.reduce(0) { $0 + $1.bytesPerToken } * (interface.sharesCaches ? 1 : 2)
    }

    func fixedBytes(prefillBatch: Int, contextLength: Int, _ options: EngineOptions) -> Int {
        let states = interface.states.reduce(0) { $0 + 2 * $1.byteCount }
        let outputs = (prefillBatch + ONNXRunner.mostEnds) * interface.logitBytes
        let logits = outputs + ONNXRunner.logitBatch * interface.vocabularyCount * 4
        // What ONNX Runtime allocates while it runs depends on the graph. A layer's largest values are several times as wide as
        // its input.
        let activations = prefillBatch * hiddenSize * 4 * Self.widthOfLayer
        return weightBytes + states + logits + activations + contextLength * 8
    }

    func copyBytes(_ options: EngineOptions) -> Int { 0 }

    /// Of all values that exist at a time, in units of the hidden size.
    private static let widthOfLayer = 16
}

extension ONNXInterface {
    /// Bytes of the logits of a token.
    var logitBytes: Int { vocabularyCount * logits.type.bits / 8 }
}
