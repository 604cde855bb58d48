import Foundation
import TestSupport
import Testing

@testable import ONNX

struct ONNXFileTests {
    private static let exports = ["genai-fp32", "genai-int4", "optimum", "merged", "state", "last", "keep"]

    // MARK: What files say

    @Test(arguments: exports) func aGraphSaysWhatItTakesAndReturns(name: String) throws {
        let file = try ONNXFile(path: try Self.path(name))
        let ids = try #require(file.graph.input("input_ids"))
        #expect(ids.type == (name == "state" ? .int32 : .int64))
        #expect(ids.shape?.count == 2)
        let logits = try #require(file.graph.output("logits"))
        guard case .fixed(let vocabulary)? = logits.shape?.last else {
            Issue.record("\(logits)")
            return
        }
        #expect([40, 272].contains(vocabulary))
        #expect(!file.graph.nodes.isEmpty && !file.graph.tensors.isEmpty)
        #expect((file.operatorSets[""] ?? 0) > 10)
        #expect(file.graph.inputs.allSatisfy { $0.type != nil && $0.shape != nil })
    }

    /// Embedding and output matrix of 272 × 32, two layers with 32 × (64 + 32 + 32 + 64) and three times 32 × 64, and norms.
    @Test func weightsAreCountedWhereverTheyAre() throws {
        let layers = 2 * (32 * 192 + 3 * 32 * 64) + 5 * 32
        let float = ONNXWeights(try ONNXFile(path: try Self.path("genai-fp32")).graph)
        let packed = ONNXWeights(try ONNXFile(path: try Self.path("genai-int4")).graph)
        #expect(float.format == "fp32")
        #expect(packed.format == "int4")
        for weights in [float, packed] {
            let count = weights.tensors.reduce(0) { $0 + $1.weightCount }
            #expect(count == layers + 272 * 32)
        }
        let matrices = packed.tensors.filter { $0.format == "int4" && $0.weightCount > 0 }
        // Queries, keys and values are one matrix. The embedding is the output matrix.
        #expect(matrices.count == 2 * 5 + 1)
        #expect(matrices.allSatisfy { $0.byteCount == $0.weightCount / 2 })
    }

    /// The branches of a decoder share weights, apart from a second form of the embedding.
    @Test func branchesAreSearched() throws {
        let merged = try ONNXFile(path: try Self.path("merged"))
        #expect(merged.graph.input("use_cache_branch")?.type == .bool)
        #expect(merged.graph.nodes.contains { $0.operation == "If" })
        let counts = try ["merged", "optimum"].map { name in
            ONNXWeights(try ONNXFile(path: try Self.path(name)).graph).tensors.reduce(0) { $0 + $1.weightCount }
        }
        #expect(counts[0] >= counts[1] && counts[0] < counts[1] + 272 * 32 + 100, "\(counts)")
    }

    // MARK: What is wrong with a file

    @Test(arguments: [
        ([], "no graph"), ([0x08], "inside a number"), ([0x3A, 0xFF, 0x01], "bytes, but only"),
        ([0x00, 0x01], "number 0"), ([0x0B], "wire type 3"), ([UInt8](repeating: 0xFF, count: 12), "ten bytes"),
        (Array("GGUF and more".utf8), "not an ONNX file"),
    ])
    func otherBytesAreRefused(bytes: [UInt8], problem: String) throws {
        let folder = try Folder()
        let error = try #require(throws: ONNXError.self) { try folder.open(bytes) }
        #expect("\(error)".contains(problem), "\(error)")
    }

    @Test func graphsInsideOfGraphsAreLimited() throws {
        var graph = Message()
        for _ in 0..<100 { graph = Message().message(1, Message.branch(graph)) }
        let error = try #require(throws: ONNXError.self) { try Folder().open(Message.model(graph).bytes) }
        #expect(error.problem == .tooDeep(most: ONNXParser.mostDepth))
    }

    @Test(arguments: [
        (Message.tensor("w", type: 99), "unknown element type 99"),
        (Message.tensor("w", dimensions: [-1]), "dimensions"),
        (Message.tensor("w", dimensions: Array(repeating: 1, count: 17)), "more than 16"),
        (Message.tensor("w", dimensions: [1 << 40, 1 << 40]), "too large"),
        (Message.tensor("w").data(9, [1, 2, 3]), "has 3 bytes, but its shape and element type need 8"),
    ])
    func aWrongTensorIsNamed(tensor: Message, problem: String) throws {
        let error = try #require(throws: ONNXError.self) {
            try Folder().open(Message.model(Message().message(5, tensor)).bytes)
        }
        #expect("\(error)".contains(problem), "\(error)")
        #expect(error.offset != nil)
    }

    // MARK: External data

    @Test func externalDataIsFound() throws {
        let folder = try Folder(["weights/all.bin": 24])
        let tensor = Message.external("w", [("location", "weights/all.bin"), ("offset", "16"), ("length", "8")])
        let file = try folder.open(Message.model(Message().message(5, tensor)).bytes)
        #expect(file.dataFiles.map(\.byteCount) == [24])
        #expect(file.byteCount == 24 + (try folder.size("model.onnx")))
    }

    @Test(arguments: [
        ([("location", "../all.bin")], "same folder"), ([("location", "/etc/passwd")], "same folder"),
        ([("location", "a/../../all.bin")], "same folder"), ([("location", "")], "same folder"),
        ([("location", "link.bin")], "same folder"),
        ([("location", "missing.bin")], "missing.bin\", which is not there"),
        ([("location", "all.bin"), ("offset", "20")], "ends at byte 28"),
        ([("location", "all.bin"), ("offset", "9223372036854775807")], "ends at byte"),
        ([("location", "all.bin"), ("length", "4")], "has 4 bytes"),
        ([("location", "all.bin"), ("offset", "-1")], "from 0 on"), ([("location", ".")], "not a regular file"),
    ])
    func wrongExternalDataNamesItsTensor(entries: [(String, String)], problem: String) throws {
        let outside = try Folder(["all.bin": 24])
        let folder = try Folder(["all.bin": 24])
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/link.bin", withDestinationPath: "\(outside.path)/all.bin")
        // In a graph inside of the graph, too.
        for depth in 0...1 {
            var graph = Message().message(5, Message.external("my.weight", entries))
            if depth > 0 { graph = Message().message(1, Message.branch(graph)) }
            let error = try #require(throws: ONNXError.self) { try folder.open(Message.model(graph).bytes) }
            #expect(error.reason.contains("my.weight") && error.reason.contains(problem), "\(error)")
        }
    }

    /// The hub's cache keeps files under other names, and links to them.
    @Test func linksOfTheHubsCacheAreFollowed() throws {
        let folder = try Folder(["blobs/data": 8])
        let tensor = Message.external("w", [("location", "model.onnx_data")])
        let graph = Message.model(Message().message(5, tensor))
        try Data(graph.bytes).write(to: URL(filePath: "\(folder.path)/blobs/graph"))
        try FileManager.default.createDirectory(atPath: "\(folder.path)/snapshot", withIntermediateDirectories: true)
        for (link, target) in [("model.onnx", "graph"), ("model.onnx_data", "data")] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder.path)/snapshot/\(link)", withDestinationPath: "../blobs/\(target)")
        }
        #expect(try ONNXFile(path: "\(folder.path)/snapshot/model.onnx").dataFiles.count == 1)
    }

    /// Any bytes give an error, or a graph whose numbers can be used.
    @Test(arguments: exports) func changedBytesNeverCrash(name: String) throws {
        let source = URL(filePath: try Self.path(name))
        let original = Array(try Data(contentsOf: source))
        let folder = try Folder()
        let parent = source.deletingLastPathComponent()
        for file in try FileManager.default.contentsOfDirectory(atPath: parent.path) where file.hasSuffix("data") {
            try FileManager.default.copyItem(
                at: parent.appending(path: file), to: URL(filePath: "\(folder.path)/\(file)"))
        }
        var random = SeededGenerator(seed: 3)
        for _ in 0..<200 {
            let bytes = random.damaged(original, changes: 1...20, cut: 20)
            guard let file = try? folder.open(bytes) else { continue }
            let weights = ONNXWeights(file.graph)
            #expect(weights.tensors.allSatisfy { $0.weightCount >= 0 && $0.byteCount >= 0 })
        }
    }

    private static func path(_ name: String) throws -> String {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let folder = tests.appending(path: "InferenceTests/Golden/onnx/\(name)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return folder.appending(path: try #require(names.first { $0.hasSuffix(".onnx") })).path
    }
}

/// A folder with files of zeros, removed with this value.
private final class Folder {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path

    /// - Parameter files: their sizes in bytes.
    init(_ files: [String: Int] = [:]) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, size) in files {
            let url = URL(filePath: "\(path)/\(name)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(count: size).write(to: url)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func open(_ bytes: [UInt8]) throws -> ONNXFile {
        try Data(bytes).write(to: URL(filePath: "\(path)/model.onnx"))
        return try ONNXFile(path: "\(path)/model.onnx")
    }

    func size(_ name: String) throws -> Int { try Data(contentsOf: URL(filePath: "\(path)/\(name)")).count }
}
