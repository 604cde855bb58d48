import Foundation
import GGUF
import TestSupport
import Testing

@testable import Inference

/// Small models of each family with random damage: every one of them is opened, described, planned and run, or refused
/// with an error that says where it is damaged.
@Suite struct MutatedModelTests {
    static let names: [String] = {
        let files = try? FileManager.default.contentsOfDirectory(atPath: Golden.folder.appending(path: "tiny").path)
        return (files ?? []).filter { $0.hasSuffix(".gguf") }.sorted()
    }()

    /// Damaged copies of each model, so many that all families together take some seconds.
    private static let copies = max(3, 800 / max(1, names.count))
    /// Bytes that a damaged model may plan to use; the undamaged ones use less than a tenth of it.
    private static let mostMemory = 256 << 20

    @Test func thereAreModels() { #expect(Self.names.count > 7) }

    @Test(arguments: names)
    func damagedMetadataAndTensorsAreErrors(name: String) async throws {
        var random = SeededGenerator(seed: Self.seed(of: name))
        let file = try GGUFFile(path: Golden.path("tiny/\(name)"))
        for copy in 0..<Self.copies {
            var damage = Damage(file)
            for _ in 0..<Int.random(in: 1...3, using: &random) { damage.mutate(&random) }
            try await Self.inspect("\(name) \(copy): \(damage.log)") { try damage.write(to: $0) }
        }
    }

    /// Bytes of the header, which has the offsets, and the end of the file.
    @Test(arguments: names)
    func damagedBytesAreErrors(name: String) async throws {
        var random = SeededGenerator(seed: Self.seed(of: name) &+ 1)
        let path = Golden.path("tiny/\(name)")
        let data = Array(try Data(contentsOf: URL(filePath: path)))
        let header = try GGUFFile(path: path).tensors.map(\.offset).min() ?? data.count
        for copy in 0..<Self.copies {
            var bytes = data
            if Int.random(in: 0..<8, using: &random) == 0 {
                bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
            }
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                let position = Int.random(in: 0..<min(header, bytes.count), using: &random)
                let values: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF, UInt8.random(in: .min ... .max, using: &random)]
                let value = values.randomElement(using: &random) ?? 0
                for index in position..<min(bytes.count, position + [1, 1, 4, 8][copy % 4]) { bytes[index] = value }
            }
            try await Self.inspect("\(name) bytes \(copy)") { try Data(bytes).write(to: URL(filePath: $0)) }
        }
    }

    /// The same damage in every run.
    private static func seed(of name: String) -> UInt64 { name.utf8.reduce(17) { $0 &* 31 &+ UInt64($1) } }

    // MARK: Using a file

    private static func inspect(_ what: String, write: (String) throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "mutated-\(UUID()).gguf").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try write(path)
        do throws(ModelError) {
            try describe(try GGUFSource.open(path))
            await run(try Model.load(path: path), what)
        } catch {
            #expect(isClear(error), "\(what): \(error)")
        }
    }

    /// What lists do.
    private static func describe(_ source: GGUFSource) throws(ModelError) {
        let problem = ModelCheck(source).problem ?? ""
        #expect(problem.count < 500 && !problem.contains("\n"), "\(problem)")
        _ = source.weightUse
        _ = try? MemoryPlan(source: source)
    }

    /// Computes a token. Random weights may give numbers that are not finite, which is an error of its own.
    private static func run(_ model: Model, _ what: String) async {
        do {
            let options = EngineOptions(threads: 1, contextLength: 8, cacheType: .f32)
            let plan = try MemoryPlan(model: model, options: options)
            #expect(plan.byteCount < mostMemory, "\(what): \(plan.byteCount) bytes")
            guard plan.byteCount < mostMemory else { return }
            _ = try await Engine(model: model, options: options).logits(tokens: [1], all: false)
        } catch {
            #expect(!"\(error)".contains("\n"), "\(what): \(error)")
        }
    }

    /// Whether an error says what is wrong, and where in the file if it is about bytes.
    private static func isClear(_ error: ModelError) -> Bool {
        let text = error.description
        guard !text.isEmpty, text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            return false
        }
        guard case .file(let error) = error else { return true }
        switch error.problem {
        // About the file as a whole, or about what is not in it.
        case .system, .notRegularFile, .notGGUF, .missing, .missingPart: return true
        default: return error.offset != nil && !error.field.isEmpty
        }
    }
}

/// A copy of a file with damage.
private struct Damage {
    private var metadata: [(key: String, value: GGUFValue)]
    private var tensors: [(name: String, dimensions: [Int], type: TensorType, data: [UInt8])]
    /// What was changed, for messages.
    private(set) var log: [String] = []

    init(_ file: GGUFFile) {
        metadata = file.metadata.entries.map { ($0.key, $0.value) }
        tensors = file.tensors.map { ($0.name, $0.dimensions, $0.type, Array(file.bytes(of: $0))) }
    }

    mutating func mutate(_ random: inout SeededGenerator) {
        if Bool.random(using: &random) { mutateMetadata(&random) } else { mutateTensor(&random) }
    }

    private mutating func mutateMetadata(_ random: inout SeededGenerator) {
        guard let index = metadata.indices.randomElement(using: &random) else { return }
        let key = metadata[index].key
        if Int.random(in: 0..<5, using: &random) == 0 {
            metadata.remove(at: index)
            return log.append("no \(key)")
        }
        let value = Self.values.randomElement(using: &random) ?? .bool(false)
        metadata[index].value = value
        log.append("\(key) = \(value)")
    }

    private static let values: [GGUFValue] = [
        .uint32(0), .uint32(1), .uint32(2), .uint32(3), .uint32(7), .uint32(1024), .uint32(.max), .int32(-1),
        .int32(.min), .uint64(.max), .int64(.min), .uint8(255), .float32(0), .float32(-1), .float32(.nan),
        .float32(.infinity), .float32(1e30), .float64(1e-300), .bool(true), .bool(false), .string(""),
        .string("llama"), .string("yarn"), .string(String(repeating: "x", count: 5000)), .string("\u{1b}[31m\n"),
    ]

    private mutating func mutateTensor(_ random: inout SeededGenerator) {
        guard let index = tensors.indices.randomElement(using: &random) else { return }
        let name = tensors[index].name
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            tensors.remove(at: index)
            return log.append("no \(name)")
        case 1:
            let names = [name + "x", "blk.999.attn_q.weight", "", "\u{1b}]0;\n", tensors.first?.name ?? ""]
            tensors[index].name = names.randomElement(using: &random) ?? ""
        case 2:
            tensors[index].type =
                TensorType.all.filter { !$0.isWithdrawn }.randomElement(using: &random)
                ?? tensors[index].type
        case 3:
            tensors[index].dimensions.reverse()
        case 4:
            tensors[index].dimensions.append([1, 2, 0].randomElement(using: &random) ?? 1)
        default:
            guard let axis = tensors[index].dimensions.indices.randomElement(using: &random) else { return }
            let size = tensors[index].dimensions[axis]
            tensors[index].dimensions[axis] =
                [0, 1, size - 1, size + 1, size * 2, size / 2, 4096].randomElement(using: &random) ?? 1
        }
        let changed = tensors[index]
        log.append("\(name) is \(changed.name) \(changed.dimensions) \(changed.type)")
    }

    func write(to path: String) throws {
        var writer = GGUFWriter()
        for (key, value) in metadata { writer.add(key, value) }
        for tensor in tensors { writer.addTensor(tensor.name, dimensions: tensor.dimensions, type: tensor.type) }
        try writer.write(to: path) { index in
            let tensor = tensors[index]
            let size = tensor.dimensions.reduce(1, *) / tensor.type.blockElements * tensor.type.blockBytes
            return tensor.data.prefix(size) + [UInt8](repeating: 0, count: max(0, size - tensor.data.count))
        }
    }
}
