import Foundation
import TestSupport
import Testing

@testable import Safetensors

@Suite struct SafetensorsFileTests {
    @Test func tensorsAreFoundByTheirOffsets() throws {
        let file = try Sample(
            """
            {"__metadata__":{"format":"pt"},"b":{"dtype":"F16","shape":[2,3],"data_offsets":[8,20]},\
            "a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"scalar":{"dtype":"BF16","shape":[],"data_offsets":[20,22]},\
            "none":{"dtype":"F32","shape":[0,4],"data_offsets":[22,22]}}
            """, data: Array(0..<22)
        ).open()
        #expect(file.metadata == ["format": "pt"])
        #expect(file.tensors.map(\.name) == ["a", "b", "scalar", "none"])
        #expect(file.tensors.map(\.elementCount) == [2, 6, 1, 0])
        #expect(file.tensors.map(\.shape) == [[2], [2, 3], [], [0, 4]])
        #expect(file.tensors.map(\.type) == [.f32, .f16, .bf16, .f32])
        #expect(Array(file.bytes(of: file.tensors[1])) == Array(8..<20))
        #expect(Array(file.bytes(of: file.tensors[2])) == [20, 21])
    }

    @Test(arguments: [
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, #"tensor "a""#, "8"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8000]}}"#, #"tensor "a""#, "8000"),
        (#"{"a":{"dtype":"F7","shape":[2],"data_offsets":[0,8]}}"#, #"tensor "a", dtype"#, "F7"),
        (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, #"tensor "a", shape"#, "integers"),
        (#"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}"#, #"tensor "a", shape"#, "integers"),
        (#"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}"#, "shape", "too large"),
        (#"{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,8]}}"#, "shape", "too large"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, "data_offsets", "integers"),
        (#"{"a":{"dtype":"F32","shape":[2]}}"#, "data_offsets", "list"),
        (#"{"a":7}"#, #"tensor "a""#, "object"),
        ("[]", "header", "object"),
        ("{ ", "header", "JSON"),
        (#"{"__metadata__":{"x":1}}"#, "__metadata__.x", "string"),
        (
            #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#,
            #"tensor "b""#, #"overlaps that of "a""#
        ),
    ])
    func errorsNameTheField(header: String, field: String, problem: String) throws {
        let sample = try Sample(header, data: Array(repeating: 0, count: 16))
        let error = try #require(throws: SafetensorsError.self) { try sample.open() }
        #expect(error.field.contains(field), "\(error)")
        #expect(error.reason.contains(problem), "\(error)")
    }

    @Test(
        arguments: [[], [1, 2, 3], [255, 255, 255, 255, 255, 255, 255, 255, 1], [9, 0, 0, 0, 0, 0, 0, 0, 123]]
            as [[UInt8]])
    func anImpossibleHeaderIsRefused(bytes: [UInt8]) throws {
        let sample = try Sample(bytes: bytes)
        #expect(throws: SafetensorsError.self) { try sample.open() }
    }

    @Test func missingFilesAndFoldersAreRefused() {
        let folder = FileManager.default.temporaryDirectory.path
        #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: folder) }
        #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: "\(folder)/no-such-file.safetensors") }
    }

    /// Any bytes give an error or a file whose tensors all lie inside of it.
    @Test func changedBytesNeverReachOutside() throws {
        let header =
            #"{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"U8","shape":[3],"data_offsets":[16,19]}}"#
        let original = Sample.bytes(header, data: Array(0..<19))
        var random = SeededGenerator(seed: 1)
        var opened = 0
        for _ in 0..<3_000 {
            let bytes = random.damaged(original, changes: 1...3, cut: 20)
            let sample = try Sample(bytes: bytes)
            guard let file = try? sample.open() else { continue }
            opened += 1
            for tensor in file.tensors {
                #expect(tensor.range.upperBound <= bytes.count)
                #expect(file.bytes(of: tensor).count * 8 == tensor.elementCount * tensor.type.bits)
            }
        }
        #expect(opened > 0)
    }
}

/// A file that is removed with this value.
private final class Sample {
    private let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")

    static func bytes(_ header: String, data: [UInt8]) -> [UInt8] {
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init) + Array(header.utf8) + data
    }

    init(bytes: [UInt8]) throws { try Data(bytes).write(to: url) }

    convenience init(_ header: String, data: [UInt8]) throws { try self.init(bytes: Self.bytes(header, data: data)) }

    deinit { try? FileManager.default.removeItem(at: url) }

    func open() throws -> SafetensorsFile { try SafetensorsFile(path: url.path) }
}
