import Foundation
import GGUF
import Inference
import Testing

/// Models in several files, laid out as llama.cpp's gguf-split does it: the first part has the metadata, every part its
/// number, and tensors are in any part.
@Suite struct SplitModelTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "split-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    @Test(arguments: [1, 2, 3]) func anyPartOpensTheModel(part: Int) async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let whole = try GGUFFile(path: Golden.path("tiny/gemma3.gguf"))
        let paths = try write(whole, parts: 3)
        let split = try GGUFFile(path: paths[part - 1])
        #expect(split.path == paths[0])
        #expect(split.tensors.map(\.name) == whole.tensors.map(\.name))
        #expect(Set(split.tensors.map(\.part)) == [0, 1, 2])
        for tensor in split.tensors {
            let original = try #require(whole.tensor(named: tensor.name))
            #expect(split.bytes(of: tensor).elementsEqual(whole.bytes(of: original)))
        }
        let sizes = try paths.map {
            try #require(try URL(filePath: $0).resourceValues(forKeys: [.fileSizeKey]).fileSize)
        }
        #expect(split.byteCount == sizes.reduce(0, +))
        let engine = try Engine(model: try Model.load(path: paths[part - 1]), options: EngineOptions(threads: 2))
        let expected = try Engine(model: try Model.load(path: whole.path), options: EngineOptions(threads: 2))
        let logits = try await engine.logits(tokens: FamilyTests.prompt, all: true)
        #expect(try await expected.logits(tokens: FamilyTests.prompt, all: true) == logits)
    }

    @Test func aMissingPartIsNamed() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let paths = try write(try GGUFFile(path: Golden.path("tiny/llama.gguf")), parts: 3)
        try FileManager.default.removeItem(atPath: paths[1])
        for path in [paths[0], paths[2]] {
            let error = #expect(throws: GGUFError.self) { try GGUFFile(path: path) }
            #expect(error?.reason == "its part m-00002-of-00003.gguf is missing")
        }
    }

    /// Parts that do not belong together, a part under another name, and a tensor in two parts.
    @Test func partsMustBelongTogether() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try GGUFFile(path: Golden.path("tiny/llama.gguf"))
        let paths = try write(file, parts: 3)
        try FileManager.default.removeItem(atPath: paths[1])
        try FileManager.default.copyItem(atPath: paths[2], toPath: paths[1])
        #expect(throws: GGUFError.self) { try GGUFFile(path: paths[0]) }
        let renamed = folder.appending(path: "other.gguf").path
        try FileManager.default.copyItem(atPath: paths[0], toPath: renamed)
        let error = #expect(throws: GGUFError.self) { try GGUFFile(path: renamed) }
        #expect(error?.field == "split.count")
        _ = try write(file, parts: 2, repeating: true)
        let double = #expect(throws: GGUFError.self) {
            try GGUFFile(path: folder.appending(path: "m-00001-of-00002.gguf").path)
        }
        #expect(double?.problem == .duplicate)
    }

    @Test func aQuantizedCopyIsOneFile() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let paths = try write(try GGUFFile(path: Golden.path("tiny/llama.gguf")), parts: 2)
        let output = folder.appending(path: "q8.gguf").path
        try ModelQuantizer(file: GGUFFile(path: paths[0]), scheme: try #require(QuantizationScheme.find("Q8_0")))
            .write(to: OutputFile(output, overwriting: false), threads: 1)
        let file = try GGUFFile(path: output)
        #expect(!file.metadata.entries.contains { $0.key.hasPrefix("split.") })
        #expect(try Model.load(path: output).summary.parameters == Model.load(path: paths[0]).summary.parameters)
    }

    @Test func namesOfParts() {
        #expect(GGUFPartName("/a/b-00002-of-00010.gguf")?.stem == "/a/b")
        #expect(GGUFPartName.paths(of: "b-00002-of-00002.gguf") == ["b-00001-of-00002.gguf", "b-00002-of-00002.gguf"])
        #expect(GGUFPartName.paths(of: "b.gguf") == ["b.gguf"])
        for name in ["b-00000-of-00002.gguf", "b-00003-of-00002.gguf", "-00001-of-00002.gguf", "b-1-of-2.gguf", ""] {
            #expect(GGUFPartName(name) == nil)
        }
    }

    /// - Parameter repeating: whether the second part has the first tensor again.
    /// - Returns: the paths of the parts.
    private func write(_ file: GGUFFile, parts count: Int, repeating: Bool = false) throws -> [String] {
        try (0..<count).map { part in
            var writer = GGUFWriter()
            if part == 0 { for entry in file.metadata.entries { writer.add(entry.key, entry.value) } }
            writer.add("split.no", .uint16(UInt16(part)))
            writer.add("split.count", .uint16(UInt16(count)))
            writer.add("split.tensors.count", .int32(Int32(file.tensors.count)))
            let share = file.tensors.count / count
            var tensors = Array(
                file.tensors[part * share..<(part == count - 1 ? file.tensors.count : (part + 1) * share)])
            if repeating, part == 1 { tensors.append(file.tensors[0]) }
            for tensor in tensors {
                writer.addTensor(tensor.name, dimensions: tensor.dimensions, type: tensor.type)
            }
            let path = folder.appending(path: "m-0000\(part + 1)-of-0000\(count).gguf").path
            try writer.write(to: path) { Array(file.bytes(of: tensors[$0])) }
            return path
        }
    }
}
