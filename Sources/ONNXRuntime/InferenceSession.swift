import CONNXRuntime
import Dispatch

/// A model that ONNX Runtime has loaded, and the memory that its inputs and outputs are bound to.
///
/// The caller keeps bound memory alive, and uses a session from one thread at a time.
public final class InferenceSession {
    private let library: RuntimeLibrary
    private let session: OpaquePointer
    private let binding: OpaquePointer
    private let options: OpaquePointer
    /// Where passes run that can be cancelled.
    private let queue = DispatchQueue(label: "onnx", qos: .userInitiated)
    private let api: UnsafePointer<ort_api>

    /// How a model is run.
    public struct Settings: Sendable {
        public var threads: Int
        public var provider: ExecutionProvider

        public init(threads: Int, provider: ExecutionProvider) { (self.threads, self.provider) = (threads, provider) }
    }

    /// Loads a model, which takes as long as its weights take to be read and rearranged.
    public init(path: String, settings: Settings, library: RuntimeLibrary) throws(ONNXRuntimeError) {
        self.library = library
        let setup = try SessionOptions(settings, library)
        let api = library.api
        self.api = api
        let session = try library.make { out in
            api.pointee.create_session(library.environment, path, setup.handle, out)
        }
        self.session = session
        var binding: OpaquePointer?
        var options: OpaquePointer?
        do throws(ONNXRuntimeError) {
            binding = try library.make { out in api.pointee.create_io_binding(session, out) }
            options = try library.make { out in api.pointee.create_run_options(out) }
        } catch {
            if let binding { api.pointee.release_io_binding(binding) }
            api.pointee.release_session(session)
            throw error
        }
        guard let binding, let options else { throw .failed("it returned nothing") }
        (self.binding, self.options) = (binding, options)
    }

    deinit {
        api.pointee.release_run_options(options)
        api.pointee.release_io_binding(binding)
        api.pointee.release_session(session)
    }

    // MARK: Inputs and outputs

    /// Whether a tensor is read or written.
    public enum Direction: Sendable {
        case input, output
    }

    /// Binds memory to an input or an output, until other memory is bound to it.
    ///
    /// - Parameters:
    ///   - type: of the elements, as in ONNX files.
    ///   - shape: the elements are contiguous, those of the last dimension next to each other.
    public func bind(
        _ direction: Direction, _ name: String, type: Int, shape: [Int], to memory: UnsafeMutableRawPointer,
        byteCount: Int
    ) throws(ONNXRuntimeError) {
        let dimensions = shape.map(Int64.init)
        let value = try library.make { out in
            api.pointee.create_tensor_with_data_as_ort_value(
                library.memory, memory, byteCount, dimensions, dimensions.count, Int32(type), out)
        }
        // The binding keeps a reference of its own.
        defer { api.pointee.release_value(value) }
        switch direction {
        case .input: try library.check(api.pointee.bind_input(binding, name, value))
        case .output: try library.check(api.pointee.bind_output(binding, name, value))
        }
    }

    // MARK: Running

    /// Computes the outputs.
    public func run() throws(ONNXRuntimeError) { try library.check(pass.run()) }

    /// Computes the outputs on another thread, and waits for it.
    ///
    /// - Parameter isCancelled: called every few milliseconds on the caller's thread. When it returns true, ONNX Runtime stops
    ///   before its next operator.
    /// - Returns: whether the outputs are complete.
    public func run(isCancelled: () -> Bool) throws(ONNXRuntimeError) -> Bool {
        let pass = pass
        let done = DispatchSemaphore(value: 0)
        let result = PassResult()
        queue.async {
            result.status = pass.run()
            done.signal()
        }
        var wasCancelled = false
        while done.wait(timeout: .now() + Self.interval) == .timedOut {
            guard !wasCancelled, isCancelled() else { continue }
            wasCancelled = true
            // It only fails without options.
            _ = api.pointee.run_options_set_terminate(options)
        }
        guard wasCancelled else {
            try library.check(result.status)
            return true
        }
        try library.check(api.pointee.run_options_unset_terminate(options))
        if let status = result.status { api.pointee.release_status(status) }
        return false
    }

    private static let interval = DispatchTimeInterval.milliseconds(20)

    private var pass: Pass { Pass(library: library, session: session, options: options, binding: binding) }

    /// `@unchecked Sendable`: the session outlives the pass, because its caller waits for it.
    private struct Pass: @unchecked Sendable {
        let library: RuntimeLibrary
        let session: OpaquePointer
        let options: OpaquePointer
        let binding: OpaquePointer

        func run() -> OpaquePointer? { library.api.pointee.run_with_binding(session, options, binding) }
    }

    /// `@unchecked Sendable`: written before the semaphore is signalled, read after it was waited for.
    private final class PassResult: @unchecked Sendable {
        var status: OpaquePointer?
    }
}

/// How a session is made.
private final class SessionOptions {
    let handle: OpaquePointer
    private let library: RuntimeLibrary

    init(_ settings: InferenceSession.Settings, _ library: RuntimeLibrary) throws(ONNXRuntimeError) {
        self.library = library
        let api = library.api
        handle = try library.make { out in api.pointee.create_session_options(out) }
        try library.check(api.pointee.set_session_graph_optimization_level(handle, Int32(ORT_OPTIMIZE_ALL)))
        try library.check(api.pointee.set_intra_op_num_threads(handle, Int32(settings.threads)))
        // It would keep a plan of the memory for every length of the text.
        try library.check(api.pointee.disable_mem_pattern(handle))
        try append(settings.provider)
    }

    deinit { library.api.pointee.release_session_options(handle) }

    /// What the provider cannot compute, the CPU does.
    private func append(_ provider: ExecutionProvider) throws(ONNXRuntimeError) {
        let available = try library.providers()
        guard available.contains(provider) || provider == .cpu else {
            throw .noProvider(provider, available: available)
        }
        let api = library.api
        switch provider {
        case .cpu: break
        case .cuda:
            let options = try library.make { out in api.pointee.create_cuda_options(out) }
            defer { api.pointee.release_cuda_options(options) }
            try library.check(api.pointee.append_cuda(handle, options))
        case .tensorrt:
            let options = try library.make { out in api.pointee.create_tensorrt_options(out) }
            defer { api.pointee.release_tensorrt_options(options) }
            try library.check(api.pointee.append_tensorrt(handle, options))
        case .openvino, .coreml: try library.check(api.pointee.append_provider(handle, provider.title, nil, nil, 0))
        }
    }
}
