import Foundation
import GGUF
import Testing

/// Files with a single fault: each fails to open with an error that names the fault, the field and the byte.
struct DamagedFileTests {
    struct Damage: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let problem: GGUFError.Problem
        let offset: Int?

        init(
            _ name: String, _ problem: GGUFError.Problem, at offset: Int?, version: UInt32 = 3, tensors: UInt64 = 0,
            metadata: UInt64 = 0, _ build: (inout FileBuilder) -> Void = { _ in }
        ) {
            var file = FileBuilder(version: version, tensors: tensors, metadata: metadata)
            build(&file)
            (testDescription, bytes, self.problem, self.offset) = (name, file.bytes, problem, offset)
        }
    }

    static let damages = [
        Damage("version 1", .unsupportedVersion(1), at: 4, version: 1),
        Damage("version 4", .unsupportedVersion(4), at: 4, version: 4),
        Damage("big-endian", .bigEndian, at: 4, version: 0x0300_0000),
        Damage("tensor count", .countTooLarge(.max, most: 0), at: 8, tensors: .max),
        Damage("metadata count", .countTooLarge(9, most: 0), at: 16, metadata: 9),
        Damage("key length", .tooLong(.max, most: 65_535), at: 24, metadata: 1) {
            $0.append(UInt64.max)
            $0.append(UInt64(0))
        },
        Damage("key not UTF-8", .invalidUTF8, at: 24, metadata: 1) {
            $0.append(UInt64(1))
            $0.bytes += [0xFF, 0, 0, 0, 0, 7]
        },
        Damage("value type", .unknownValueType(13), at: 33, metadata: 1) {
            $0.pair("a", type: 13)
            $0.append(UInt64(0))
        },
        Damage("boolean", .invalidBool(2), at: 37, metadata: 1) {
            $0.pair("a", type: 7)
            $0.append(UInt8(2))
        },
        Damage("string length", .truncated(missing: (1 << 40) - 3), at: 45, metadata: 1) {
            $0.pair("a", type: 8)
            $0.append(UInt64(1) << 40)
            $0.bytes += [1, 2, 3]
        },
        Damage("array count", .countTooLarge(1 << 62, most: 1), at: 41, metadata: 1) {
            $0.pair("a", type: 9)
            $0.append(UInt32(10))
            $0.append(UInt64(1) << 62)
            $0.append(UInt64(0))
        },
        Damage("nesting", .nestedTooDeep(most: 4), at: 85, metadata: 1) {
            $0.pair("a", type: 9)
            for _ in 0..<9 {
                $0.append(UInt32(9))
                $0.append(UInt64(1))
            }
        },
        Damage("duplicate key", .duplicate, at: 38, metadata: 2) {
            for _ in 0..<2 {
                $0.pair("a", type: 0)
                $0.append(UInt8(1))
            }
        },
        Damage("alignment 33", .badAlignment(33), at: 24, metadata: 1) {
            $0.pair("general.alignment", type: 4)
            $0.append(UInt32(33))
        },
        Damage("alignment type", .wrongType(expected: "an integer", found: "float32"), at: 24, metadata: 1) {
            $0.pair("general.alignment", type: 6)
            $0.append(UInt32(0))
        },
        Damage("rank", .countTooLarge(5, most: 4), at: 24, tensors: 1) { $0.tensor("a", [1, 1, 1, 1, 1]) },
        Damage("empty dimension", .emptyDimension(1), at: 24, tensors: 1) { $0.tensor("a", [4, 0]) },
        Damage("huge dimension", .tooManyElements, at: 24, tensors: 1) { $0.tensor("a", [.max]) },
        Damage("huge product", .tooManyElements, at: 24, tensors: 1) { $0.tensor("a", [1 << 40, 1 << 40]) },
        Damage("huge size", .tooManyElements, at: 24, tensors: 1) { $0.tensor("a", [1 << 62]) },
        Damage("type", .unknownTensorType(99), at: 24, tensors: 1) { $0.tensor("a", [4], type: 99) },
        Damage("withdrawn type", .withdrawnTensorType("Q4_2"), at: 24, tensors: 1) { $0.tensor("a", [32], type: 4) },
        Damage("block", .partialBlock(columns: 33, block: 32, type: "Q4_0"), at: 24, tensors: 1) {
            $0.tensor("a", [33], type: 2)
        },
        Damage("misaligned", .misaligned(offset: 4, alignment: 32), at: 24, tensors: 1) {
            $0.tensor("a", [1], offset: 4)
            $0.data(64)
        },
        Damage("outside", .outsideFile(end: 128, fileBytes: 96), at: 24, tensors: 1) {
            $0.tensor("a", [16])
            $0.data(32)
        },
        Damage("offset overflow", .outsideFile(end: .max, fileBytes: 96), at: 24, tensors: 1) {
            $0.tensor("a", [8], offset: UInt64.max - 31)
            $0.data(32)
        },
        Damage("overlap", .overlaps("a"), at: 57, tensors: 2) {
            $0.tensor("a", [16])
            $0.tensor("b", [8], offset: 32)
            $0.data(64)
        },
        Damage("duplicate tensor", .duplicate, at: 57, tensors: 2) {
            $0.tensor("a", [8])
            $0.tensor("a", [8], offset: 32)
            $0.data(64)
        },
    ]

    @Test(arguments: damages)
    func faultIsReported(damage: Damage) throws {
        let error = try #require(try openingError(damage.bytes))
        #expect(error.problem == damage.problem, "\(error)")
        #expect(error.offset == damage.offset, "\(error)")
        #expect(!error.description.contains("\n"))
    }

    @Test func rejectsOtherFilesAndFolders() throws {
        #expect(try openingError([])?.problem == .notGGUF)
        #expect(try openingError(Array("GGML, long ago".utf8))?.problem == .notGGUF)
        let folder = #expect(throws: GGUFError.self) { try GGUFFile(path: "/tmp") }
        #expect(folder?.problem == .notRegularFile)
        let absent = #expect(throws: GGUFError.self) { try GGUFFile(path: "/nowhere/at/all.gguf") }
        #expect(absent?.description.hasPrefix("/nowhere/at/all.gguf: cannot be opened") == true)
    }

    // MARK: Fuzzing, with a fixed seed

    /// A small file with every kind of content.
    private static func sample() throws -> [UInt8] {
        var writer = GGUFWriter()
        writer.add("general.alignment", .uint32(32))
        writer.add("name", .string("sample"))
        writer.add("strings", strings: ["a", "bc", ""])
        writer.add("ints", int32s: [1, 2, 3])
        writer.add("flag", .bool(true))
        writer.addTensor("a", dimensions: [32, 2], type: TensorType.all[2])
        writer.addTensor("b", dimensions: [5], type: TensorType.all[0])
        return try TemporaryFile(writer) { tensor in [UInt8](repeating: 7, count: [36, 20][tensor]) }.bytes()
    }

    /// Opens a damaged file. If that succeeds, all of its contents must be inside the file.
    private static func check(_ bytes: [UInt8]) throws {
        let file = try TemporaryFile(bytes)
        do throws(GGUFError) {
            let opened = try GGUFFile(path: file.path)
            for tensor in opened.tensors {
                #expect(tensor.range.upperBound <= bytes.count)
                #expect(opened.bytes(of: tensor).count == tensor.byteCount)
                _ = opened.bytes(of: tensor).reduce(0) { $0 &+ $1 }
            }
            for entry in opened.metadata.entries {
                guard let array = entry.value.array else { continue }
                _ = (array.ints(), array.floats(), array.bools(), array.strings(), array.prefix(100))
            }
        } catch {
            #expect(!error.description.isEmpty)
        }
    }

    @Test func everyTruncationIsDetected() throws {
        let bytes = try Self.sample()
        // The padding after the last tensor may be missing.
        for length in 0..<bytes.count - 12 { #expect(try openingError(Array(bytes[..<length])) != nil, "\(length)") }
    }

    @Test func damagedBytesNeverCauseReadsOutsideTheFile() throws {
        let bytes = try Self.sample()
        var state: UInt64 = 42
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<3_000 {
            var damaged = bytes
            for _ in 0...random(3) {
                let index = random(damaged.count)
                let flipped = damaged[index] ^ 1 << UInt8(random(8))
                damaged[index] = [0, 1, 0x7F, 0x80, 0xFF, UInt8(random(256)), flipped][random(7)]
            }
            try Self.check(damaged)
        }
    }
}
