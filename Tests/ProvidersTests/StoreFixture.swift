import Chat
import Foundation
import GGUF
import Testing

@testable import Providers

/// A home folder with stores as other programs lay them out.
final class StoreFixture: Sendable {
    let root = FileManager.default.temporaryDirectory.appending(path: "stores-\(UUID().uuidString)")
        .resolvingSymlinksInPath()
    var own: URL { root.appending(path: "own") }
    var ollama: URL { root.appending(path: ".ollama/models") }

    init() throws { try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: root) }

    /// - Parameter environment: besides the home folder.
    func locations(_ environment: [String: String] = [:], services: [String] = []) -> StoreLocations {
        StoreLocations(
            environment: ["HOME": root.path].merging(environment) { $1 },
            workingFolder: root.appending(path: "work").path, ollamaServices: services)
    }

    func discovery(_ environment: [String: String] = [:], services: [String] = []) -> ModelDiscovery {
        ModelDiscovery(own: own, locations: locations(environment, services: services))
    }

    func names(_ environment: [String: String] = [:]) -> [String] {
        discovery(environment).models().map(\.reference.name)
    }

    // MARK: Files

    @discardableResult
    func write(_ path: String, _ bytes: some Sequence<UInt8>) throws -> String {
        let file = root.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return file.path
    }

    @discardableResult
    func write(_ path: String, _ text: String) throws -> String { try write(path, text.utf8) }

    /// A small GGUF file.
    ///
    /// - Parameter mark: makes it another file than those with other marks.
    @discardableResult
    func gguf(
        _ path: String, mark: String = "", architecture: String = "llama", template: String? = nil,
        license: String? = nil, metadata: [(String, GGUFValue)] = [], tensors: [(String, [Int])] = []
    ) throws -> String {
        var writer = GGUFWriter()
        writer.add("general.architecture", .string(architecture))
        writer.add("general.name", .string(mark))
        for (key, value) in Self.usable(architecture) where !metadata.contains(where: { $0.0 == key }) {
            writer.add(key, value)
        }
        writer.add("tokenizer.ggml.tokens", strings: ["a", "b", "c", "d"])
        if let template { writer.add("tokenizer.chat_template", .string(template)) }
        if let license { writer.add("general.license", .string(license)) }
        for (key, value) in metadata { writer.add(key, value) }
        let type = try #require(TensorType.find(0))
        let tensors = Self.tensors + tensors
        for (name, dimensions) in tensors {
            writer.addTensor(name, dimensions: dimensions, type: type)
        }
        let file = root.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try? FileManager.default.removeItem(at: file)
        try writer.write(to: file.path) { [UInt8](repeating: 0, count: 4 * tensors[$0].1.reduce(1, *)) }
        return file.path
    }

    /// What a header needs so that nothing forbids the use of the model.
    static func usable(_ architecture: String) -> [(String, GGUFValue)] {
        let sizes: [(String, UInt32)] = [
            ("context_length", 4096), ("block_count", 1), ("embedding_length", 32), ("feed_forward_length", 32),
            ("attention.head_count", 1),
        ]
        return sizes.map { ("\(architecture).\($0.0)", .uint32($0.1)) } + [
            ("\(architecture).attention.layer_norm_rms_epsilon", .float32(1e-5)),
            ("tokenizer.ggml.model", .string("llama")),
        ]
    }

    /// The tensors of a model with one layer.
    static let tensors: [(String, [Int])] =
        [("token_embd.weight", [32, 4]), ("output_norm.weight", [32])]
        + ["attn_norm", "ffn_norm"].map { ("blk.0.\($0).weight", [32]) }
        + ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"].map {
            ("blk.0.\($0).weight", [32, 32])
        }
    /// The number of weights in them.
    static let parameters = 7 * 1024 + 128 + 3 * 32

    func link(_ path: String, to target: String) throws {
        let file = root.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: target)
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(at: root.appending(path: path)) }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root.appending(path: path).path) }

    // MARK: Ollama's layout

    /// 64 hexadecimal digits.
    static func digest(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 64 - digits.count) + digits
    }

    /// Writes a blob with text.
    func blob(_ number: Int, _ text: String, in store: String = ".ollama/models") throws {
        try write("\(store)/blobs/sha256-\(Self.digest(number))", text)
    }

    /// Writes a blob with weights.
    func weights(_ number: Int, in store: String = ".ollama/models", template: String? = nil, license: String? = nil)
        throws
    {
        try gguf(
            "\(store)/blobs/sha256-\(Self.digest(number))", mark: "\(number)", template: template, license: license)
    }

    /// - Parameters:
    ///   - name: HOST/NAMESPACE/MODEL/TAG.
    ///   - layers: media types without their prefix, and the numbers of blobs.
    func manifest(_ name: String, _ layers: [(String, Int)], in store: String = ".ollama/models") throws {
        let items = layers.map {
            #"{"mediaType":"application/vnd.ollama.image.\#($0)","digest":"sha256:\#(Self.digest($1))","size":1}"#
        }
        let config =
            #"{"mediaType":"application/vnd.docker.container.image.v1+json","digest":"sha256:\#(Self.digest(999))"}"#
        try write(
            "\(store)/manifests/\(name)",
            #"{"schemaVersion":2,"config":\#(config),"layers":[\#(items.joined(separator: ","))]}"#)
    }
}
