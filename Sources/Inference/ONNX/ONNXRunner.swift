import CKernels
import GGUF
import ONNX
import ONNXRuntime

/// Runs an export with ONNX Runtime. Tokens, positions, what is remembered and the logits are in memory of this program, to
/// which the graph's inputs and outputs are bound.
final class ONNXRunner: Runner {
    let prefillBatch: Int
    /// ONNX Runtime computes several tokens with other kernels than one.
    let batchInvariantTokens = 1
    /// The logits at the ends of passes are kept. So the whole prompt can be a single pass, as in other programs.
    let repeatsLastToken = true
    /// A prompt stays a single pass; exports that cannot resume anywhere begin again.
    let resumesAnywhere = true

    private let interface: ONNXInterface
    private let session: InferenceSession
    private let compute: Compute
    private let memory: ONNXMemory
    private let tokens: ONNXIntegers
    private let mask: ONNXIntegers?
    private let positions: ONNXIntegers?
    private let logitCount: ONNXIntegers?
    /// One byte: whether the branch with a cache runs.
    private let usesCache: TensorMemory?

    /// As the graph writes them. [prefillBatch][vocabulary]
    private let output: TensorMemory
    private let logitRows: FloatBuffer  // [logitBatch][vocabulary]
    private let format: UnsafePointer<sotto_format>
    /// The tokens of the latest pass whose logits are in `output`.
    private var computed = 0..<0
    /// The ends of passes of several tokens that are still remembered, the latest last.
    private var passEnds: [PassEnd] = []

    private struct PassEnd {
        let token: Int32
        /// The number of tokens up to it.
        let length: Int
        /// As the graph writes them. [vocabulary]
        let logits: TensorMemory
    }

    /// As many turns of a conversation can be gone back to their prompts.
    static let mostEnds = 16

    static let logitBatch = 8
    var logitBatch: Int { Self.logitBatch }

    /// Loads the model. Throws if there is no library, or if it refuses the model.
    init(
        _ export: ONNXExport, compute: Compute, contextLength: Int, prefillBatch: Int, provider: ExecutionProvider
    ) throws(EngineError) {
        do throws(ModelError) {
            interface = try export.interface()
        } catch {
            throw .export("\(error)")
        }
        self.compute = compute
        self.prefillBatch = prefillBatch
        guard let format = sotto_format_find(Self.formatOfLogits(interface.logits.type).id) else {
            throw .export("The logits have an unknown format")
        }
        self.format = format
        logitRows = FloatBuffer(count: Self.logitBatch * interface.vocabularyCount)
        do throws(ONNXRuntimeError) {
            session = try InferenceSession(
                path: export.file.path, settings: .init(threads: compute.threads, provider: provider),
                library: try RuntimeLibrary.shared())
            memory = try ONNXMemory(interface, capacity: contextLength)
            tokens = try ONNXIntegers(interface.tokens, capacity: prefillBatch)
            mask = try Self.integers(interface.mask, capacity: contextLength)
            positions = try Self.integers(interface.positions, capacity: prefillBatch * interface.positionParts)
            logitCount = try Self.integers(interface.logitCount, capacity: 1)
            usesCache = try interface.usesCache == nil ? nil : TensorMemory(byteCount: 1)
            output = try TensorMemory(byteCount: prefillBatch * interface.logitBytes)
            mask?.set(repeatElement(1, count: contextLength))
            if memory.isFixed { try memory.bind(session, count: 0) }
        } catch {
            throw .runtime(error)
        }
    }

    private static func integers(
        _ port: ONNXInterface.Port?, capacity: Int
    ) throws(ONNXRuntimeError) -> ONNXIntegers? {
        guard let port else { return nil }
        return try ONNXIntegers(port, capacity: capacity)
    }

    private static func formatOfLogits(_ type: ONNXElementType) -> TensorType {
        switch type {
        case .float16: .named("F16")
        case .bfloat16: .named("BF16")
        default: .named("F32")
        }
    }

    // MARK: Passes

    func forward(
        _ tokens: ArraySlice<Int32>, at first: Int, logits: PassLogits, isCancelled: (_ done: Double) -> Bool
    ) throws(EngineError) {
        if repeatEnd(tokens, at: first) { return }
        memory.truncate(to: first)
        computed = 0..<0
        // A graph that returns only the last token's logits computes tokens one by one if all are wanted.
        let step = interface.hasLastLogitsOnly && logits == .ofAll ? 1 : tokens.count
        for start in stride(from: 0, to: tokens.count, by: step) {
            let done = Double(start) / Double(tokens.count)
            guard !isCancelled(done) else { throw .cancelled }
            let part = tokens.dropFirst(start).prefix(step)
            let row = step == 1 ? start : 0
            let isComplete: Bool
            do throws(ONNXRuntimeError) {
                isComplete = try run(part, logits, row: row) { isCancelled(done) }
            } catch {
                throw .runtime(error)
            }
            guard isComplete else { throw .cancelled }
            memory.advance(by: part.count)
        }
        let isLastOnly = logits == .ofLast && (interface.hasLastLogitsOnly || logitCount != nil)
        computed = (isLastOnly ? tokens.count - 1 : 0)..<tokens.count
        if tokens.count > 1, let token = tokens.last { try keepEnd(token) }
    }

    // MARK: Ends of passes

    private func keepEnd(_ token: Int32) throws(EngineError) {
        if passEnds.count == Self.mostEnds { passEnds.removeFirst() }
        do throws(ONNXRuntimeError) {
            let end = PassEnd(
                token: token, length: memory.length, logits: try TensorMemory(byteCount: interface.logitBytes))
            end.logits.base.copyMemory(
                from: output.base + (computed.count - 1) * interface.logitBytes, byteCount: interface.logitBytes)
            passEnds.append(end)
        } catch {
            throw .runtime(error)
        }
    }

    /// Goes back to the end of a pass of several tokens, if its last one is asked for again, instead of computing it alone.
    /// Returns false otherwise.
    private func repeatEnd(_ tokens: ArraySlice<Int32>, at first: Int) -> Bool {
        passEnds.removeAll { $0.length > first + 1 }
        guard let end = passEnds.last, end.length > first else { return false }
        guard tokens.count == 1, tokens.first == end.token else {
            passEnds.removeLast()
            return false
        }
        memory.truncate(to: end.length)
        output.base.copyMemory(from: end.logits.base, byteCount: interface.logitBytes)
        computed = 0..<1
        return true
    }

    /// - Parameter row: of the output that gets the first logits.
    /// - Returns: false if the pass was cancelled.
    private func run(
        _ part: ArraySlice<Int32>, _ logits: PassLogits, row: Int, isCancelled: () -> Bool
    ) throws(ONNXRuntimeError) -> Bool {
        let (first, count) = (memory.length, part.count)
        try tokens.bind(session, part.lazy.map { Int($0) }, shape: [1, count])
        try mask?.bind(session, shape: [1, first + count])
        if let positions {
            let parts = interface.positionParts
            let values = (0..<parts).lazy.flatMap { _ in first..<first + count }
            let isSplit = interface.hasPositionParts
            try positions.bind(session, values, shape: isSplit ? [parts, 1, count] : [1, count])
        }
        if let port = interface.usesCache, let usesCache {
            usesCache.base.storeBytes(of: first > 0, as: Bool.self)
            try session.bind(.input, port.name, type: port.type.rawValue, shape: [1], to: usesCache.base, byteCount: 1)
        }
        let isLastOnly = interface.hasLastLogitsOnly || logitCount != nil && logits == .ofLast
        let rows = isLastOnly ? 1 : count
        try logitCount?.bind(session, [rows], shape: interface.logitCountIsList ? [1] : [])
        try session.bind(
            .output, interface.logits.name, type: interface.logits.type.rawValue,
            shape: [1, rows, interface.vocabularyCount], to: output.base + row * interface.logitBytes,
            byteCount: rows * interface.logitBytes)
        if !memory.isFixed { try memory.bind(session, count: count) }
        // A single token is not worth another thread: it is also what the engine never cancels.
        guard count > 1 else {
            try session.run()
            return true
        }
        return try session.run(isCancelled: isCancelled)
    }

    // MARK: Results

    func logits(rows: Range<Int>) throws(EngineError) -> UnsafeBufferPointer<Float>? {
        let size = interface.vocabularyCount
        let first = output.base + (rows.lowerBound - computed.lowerBound) * interface.logitBytes
        let count = rows.count * size
        format.pointee.dequantize(first, logitRows.base, count)
        guard sotto_all_finite(compute.handle, logitRows.base, Int64(count)) else { return nil }
        return UnsafeBufferPointer(start: logitRows.base, count: count)
    }

    func expSum(_ logits: UnsafeBufferPointer<Float>, largest: Float) -> Double {
        sotto_exp_sum(compute.handle, largest, logits.baseAddress, Int64(logits.count))
    }

    func resumePosition(upTo position: Int) -> Int { memory.resumePosition(upTo: position) }

    func stateBytesRead(at position: Int) -> Int { memory.bytesRead(at: position) }

    /// ONNX Runtime has arranged the weights when it loaded them.
    func prepareNext() -> Bool { false }
}
