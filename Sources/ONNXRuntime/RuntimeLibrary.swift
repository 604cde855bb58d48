import CONNXRuntime
import Files
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// ONNX Runtime's library, opened when the first model needs it. It is never closed, because its threads may still run.
///
/// `@unchecked Sendable`: the table of functions is constant, and ONNX Runtime's environment may be used by any thread.
public final class RuntimeLibrary: @unchecked Sendable {
    public let path: String
    /// For example "1.20.0".
    public let version: String
    let api: UnsafePointer<ort_api>
    let environment: OpaquePointer
    /// What describes the memory of the tensors: this process's own.
    let memory: OpaquePointer

    /// The first version that has all functions and the operators of language models.
    public static let oldest = "1.\(ORT_API_NEEDED)"

    private static let opened = Mutex<RuntimeLibrary?>(nil)

    /// The library of this process: the first one that can be used.
    public static func shared(_ search: LibrarySearch = LibrarySearch()) throws(ONNXRuntimeError) -> RuntimeLibrary {
        let result = opened.withLock { opened -> Result<RuntimeLibrary, ONNXRuntimeError> in
            if let opened { return .success(opened) }
            let found = Result { () throws(ONNXRuntimeError) in try first(of: search.candidates()) }
            opened = try? found.get()
            return found
        }
        return try result.get()
    }

    /// Throws what is wrong with the first candidate if none can be used.
    private static func first(of candidates: [String]) throws(ONNXRuntimeError) -> RuntimeLibrary {
        var problem = ONNXRuntimeError.notFound
        for (index, path) in candidates.enumerated() {
            do throws(ONNXRuntimeError) {
                return try RuntimeLibrary(path: path)
            } catch {
                if index == 0 { problem = error }
            }
        }
        throw problem
    }

    /// Opens a library, whose own code then runs in this process.
    init(path: String) throws(ONNXRuntimeError) {
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            throw .cannotOpen(path: path, reason: dlerror().map { String(cString: $0) } ?? "no reason given")
        }
        guard let symbol = dlsym(handle, "OrtGetApiBase") else {
            throw .cannotOpen(path: path, reason: "it has no function OrtGetApiBase")
        }
        typealias GetBase = @convention(c) () -> UnsafePointer<ort_api_base>?
        guard let base = unsafeBitCast(symbol, to: GetBase.self)() else {
            throw .cannotOpen(path: path, reason: "it has no functions")
        }
        let version = String(cString: base.pointee.get_version_string()).withoutControls
        // Asked for a version that it does not have, the library would write to the terminal.
        guard Self.isNewEnough(version), let api = base.pointee.get_api(UInt32(ORT_API_NEEDED)) else {
            throw .tooOld(path: path, version: String(version.prefix(40)))
        }
        self.path = path
        self.version = version
        self.api = api
        environment = try Self.make(api) { out in
            // Messages are dropped: errors come back as results, and the terminal belongs to the chat.
            api.pointee.create_env_with_custom_logger(
                { _, _, _, _, _, _ in }, nil, Int32(ORT_SEVERITY_FATAL), "sotto", out)
        }
        try Self.check(api, api.pointee.disable_telemetry_events(environment))
        memory = try Self.make(api) { out in
            api.pointee.create_cpu_memory_info(Int32(ORT_ALLOCATOR_DEVICE), Int32(ORT_MEMORY_DEFAULT), out)
        }
    }

    private static func isNewEnough(_ version: String) -> Bool {
        let numbers = version.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
        guard numbers.count > 1 else { return false }
        return numbers[0] > 1 || numbers[0] == 1 && numbers[1] >= Int(ORT_API_NEEDED)
    }

    /// The providers that the library was built with, of those that this program knows.
    public func providers() throws(ONNXRuntimeError) -> [ExecutionProvider] {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        var count: Int32 = 0
        try check(api.pointee.get_available_providers(&names, &count))
        guard let names else { return [] }
        let listed = Set((0..<Int(count)).compactMap { names[$0].map { String(cString: $0) } })
        try check(api.pointee.release_available_providers(names, count))
        return ExecutionProvider.allCases.filter { listed.contains($0.listedName) }
    }

    // MARK: Results

    /// Throws what a call reported.
    func check(_ status: OpaquePointer?) throws(ONNXRuntimeError) { try Self.check(api, status) }

    /// The object that a call makes.
    func make(
        _ call: (UnsafeMutablePointer<OpaquePointer?>) -> OpaquePointer?
    ) throws(ONNXRuntimeError) -> OpaquePointer { try Self.make(api, call) }

    private static func check(_ api: UnsafePointer<ort_api>, _ status: OpaquePointer?) throws(ONNXRuntimeError) {
        guard let status else { return }
        defer { api.pointee.release_status(status) }
        throw .failed(message: String(cString: api.pointee.get_error_message(status)))
    }

    private static func make(
        _ api: UnsafePointer<ort_api>, _ call: (UnsafeMutablePointer<OpaquePointer?>) -> OpaquePointer?
    ) throws(ONNXRuntimeError) -> OpaquePointer {
        var object: OpaquePointer?
        try check(api, call(&object))
        guard let object else { throw .failed("it returned nothing") }
        return object
    }
}
