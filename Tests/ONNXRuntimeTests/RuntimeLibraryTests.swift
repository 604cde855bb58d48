import Foundation
import Testing

@testable import ONNXRuntime

/// Finding and opening the library.
final class RuntimeLibraryTests {
    private let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

    deinit { try? FileManager.default.removeItem(at: root) }

    // MARK: Finding

    @Test func theEnvironmentNamesAFileOrAFolder() throws {
        let file = try write("some/libonnxruntime.so.1.20.0")
        for path in [file, root.appending(path: "some").path] {
            #expect(try search(["SOTTO_ONNXRUNTIME": path]).candidates() == [file])
        }
        let package = try write("site/onnxruntime/capi/libonnxruntime.so.1.21.0")
        #expect(try search(["SOTTO_ONNXRUNTIME": root.appending(path: "site").path]).candidates() == [package])
    }

    @Test func anotherNameIsRefused() throws {
        let error = try #require(throws: ONNXRuntimeError.self) {
            try search(["SOTTO_ONNXRUNTIME": root.path]).candidates()
        }
        #expect("\(error)".contains("SOTTO_ONNXRUNTIME is \(root.path)"))
    }

    @Test func packagesOfPythonAreFoundWithoutRunningIt() throws {
        let old = try write("py/lib/python3.9/site-packages/onnxruntime/capi/libonnxruntime.so.1.19.0")
        let new = try write("py/lib/python3.11/site-packages/onnxruntime/capi/libonnxruntime.so.1.20.0")
        let system = try write("system/lib/libonnxruntime.so.1")
        let user = try write("home/.local/lib/python3.12/site-packages/onnxruntime/capi/libonnxruntime.1.22.0.dylib")
        try write("py/lib/python3.11/site-packages/onnxruntime/capi/libonnxruntime_providers_shared.so")
        let environment = ["PATH": "relative/bin:\(root.path)/py/bin", "HOME": root.appending(path: "home").path]
        #expect(
            try search(environment, system: [root.appending(path: "system/lib").path]).candidates()
                == [system, new, old, user])
        let active = try search(["VIRTUAL_ENV": root.appending(path: "py").path]).candidates()
        #expect(active == [new, old])
    }

    @Test func nothingIsFoundInEmptyFolders() throws {
        #expect(try search(["PATH": "/nowhere/bin", "HOME": "/nowhere"]).candidates().isEmpty)
        #expect(!search([:]).isSuccessful)
    }

    // MARK: Opening

    @Test func anyOtherFileIsRefused() throws {
        let file = try write("libonnxruntime.so")
        let error = #expect(throws: ONNXRuntimeError.self) { try RuntimeLibrary(path: file) }
        #expect("\(try #require(error))".split(separator: "\n").count == 1)
    }

    /// A library that exports the function, but is too old, has no functions, or has others.
    @Test(arguments: [
        ("1.17.3", "is too old"), ("nonsense", "is too old"), ("1.99.0", "is too old"), ("", "no function"),
    ])
    func aLibraryOfAnotherVersionIsRefused(version: String, problem: String) throws {
        let source = try write(
            "library.c",
            version.isEmpty
                ? "int nothing;"
                : """
                static const void *get(unsigned v) { return 0; }
                static const char *text(void) { return "\(version)"; }
                static const void *base[2] = { (void *)get, (void *)text };
                const void *OrtGetApiBase(void) { return base; }
                """)
        let library = root.appending(path: "libonnxruntime-\(version).so").path
        let compiler = Process()
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        compiler.arguments = ["cc", "-shared", "-fPIC", "-o", library, source]
        try compiler.run()
        compiler.waitUntilExit()
        try #require(compiler.terminationStatus == 0)
        let error = try #require(throws: ONNXRuntimeError.self) { try RuntimeLibrary(path: library) }
        #expect("\(error)".contains(problem), "\(error)")
    }

    @Test func messagesAreOneLine() {
        let error = ONNXRuntimeError.failed(message: "a\n\tb \u{1B}[31m" + String(repeating: "c", count: 1_000))
        #expect("\(error)".hasPrefix("ONNX Runtime: a b ?[31mccc") && "\(error)".count < 330)
    }

    // MARK: The real library

    @Test(.enabled(if: LibrarySearch().isSuccessful, "ONNX Runtime is not installed"))
    func theLibraryComputesOnTheProcessor() throws {
        let library = try RuntimeLibrary.shared()
        #expect(try library.providers().contains(.cpu))
        #expect(try RuntimeLibrary.shared() === library)
        let missing = ExecutionProvider.allCases.first { !((try? library.providers()) ?? []).contains($0) }
        let provider = try #require(missing)
        let error = try #require(throws: ONNXRuntimeError.self) {
            try InferenceSession(path: "/nowhere", settings: .init(threads: 1, provider: provider), library: library)
        }
        #expect("\(error)".contains("without \(provider.title)") && "\(error)".contains("cpu"), "\(error)")
    }

    @Test(.enabled(if: LibrarySearch().isSuccessful, "ONNX Runtime is not installed"))
    func aFileThatIsNoModelIsRefusedInOneLine() throws {
        let file = try write("model.onnx", "not a model")
        let error = try #require(throws: ONNXRuntimeError.self) {
            try InferenceSession(
                path: file, settings: .init(threads: 1, provider: .cpu), library: try RuntimeLibrary.shared())
        }
        #expect("\(error)".hasPrefix("ONNX Runtime: ") && !"\(error)".contains("\n"), "\(error)")
    }

    // MARK: Files

    private func search(_ environment: [String: String], system: [String] = []) -> LibrarySearch {
        LibrarySearch(environment: environment, systemFolders: system)
    }

    @discardableResult
    private func write(_ path: String, _ text: String = "") throws -> String {
        let file = root.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: false, encoding: .utf8)
        return file.path
    }
}
