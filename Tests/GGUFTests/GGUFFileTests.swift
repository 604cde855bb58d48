import Foundation
import GGUF
import Testing

struct GGUFFileTests {
    @Test func everyMetadataTypeRoundTrips() throws {
        var writer = GGUFWriter()
        writer.add("u8", .uint8(255))
        writer.add("i8", .int8(-128))
        writer.add("u16", .uint16(65535))
        writer.add("i16", .int16(-32768))
        writer.add("u32", .uint32(.max))
        writer.add("i32", .int32(.min))
        writer.add("f32", .float32(1.5))
        writer.add("yes", .bool(true))
        writer.add("text", .string("grüße"))
        writer.add("u64", .uint64(.max))
        writer.add("i64", .int64(.min))
        writer.add("f64", .float64(-0.1))
        writer.add("strings", strings: ["", "a", "漢"])
        writer.add("ints", int32s: [1, -2, 3])
        writer.add("floats", float32s: [0.5, -1])
        let path = try TemporaryFile(writer)
        let metadata = try GGUFFile(path: path.path).metadata
        #expect(metadata.entries.map(\.key).first == "u8")
        #expect(metadata["u8"]?.int == 255)
        #expect(metadata["i8"]?.int == -128)
        #expect(metadata["u16"]?.int == 65535)
        #expect(metadata["i16"]?.int == -32768)
        #expect(metadata["u32"]?.int == 4_294_967_295)
        #expect(metadata["i32"]?.int == -2_147_483_648)
        #expect(metadata["f32"]?.float == 1.5)
        #expect(metadata["yes"]?.bool == true)
        #expect(metadata["text"]?.string == "grüße")
        #expect(metadata["u64"]?.int == nil)
        #expect(metadata["i64"]?.int == .min)
        #expect(metadata["f64"]?.float == -0.1)
        #expect(metadata["strings"]?.array?.strings() == ["", "a", "漢"])
        #expect(metadata["strings"]?.array?.prefix(2).map(\.string) == ["", "a"])
        #expect(metadata["strings"]?.array?.ints() == nil)
        #expect(metadata["ints"]?.array?.ints() == [1, -2, 3])
        #expect(metadata["floats"]?.array?.floats() == [0.5, -1])
        #expect(metadata["nothing"] == nil)
    }

    @Test func tensorsRoundTrip() throws {
        let q4 = try #require(TensorType.find(2))
        let f32 = try #require(TensorType.find(0))
        var writer = GGUFWriter(alignment: 64)
        writer.addTensor("a", dimensions: [64, 2], type: q4)
        writer.addTensor("b", dimensions: [3], type: f32)
        let path = try TemporaryFile(writer) { tensor in
            [UInt8](repeating: UInt8(tensor + 1), count: [72, 12][tensor])
        }
        let file = try GGUFFile(path: path.path)
        #expect(file.alignment == 64)
        #expect(file.tensors.map(\.name) == ["a", "b"])
        let a = try #require(file.tensor(named: "a"))
        #expect(a.dimensions == [64, 2])
        #expect(a.elementCount == 128)
        #expect(a.byteCount == 72)
        #expect(a.offset.isMultiple(of: 64))
        #expect(file.bytes(of: a).allSatisfy { $0 == 1 })
        let b = try #require(file.tensor(named: "b"))
        #expect(b.offset == a.offset + 128)
        #expect(Array(file.bytes(of: b)) == [UInt8](repeating: 2, count: 12))
    }

    @Test func arraysAreCopiedBetweenFiles() throws {
        var first = GGUFWriter()
        first.add("names", strings: ["a", "bc"])
        let original = try TemporaryFile(first)
        var second = GGUFWriter()
        second.add("names", try #require(try GGUFFile(path: original.path).metadata["names"]))
        #expect(try TemporaryFile(second).bytes() == original.bytes())
    }

    @Test func readsVersion2AndNestedArrays() throws {
        var file = FileBuilder(version: 2, metadata: 1)
        file.pair("nested", type: 9)
        file.append(UInt32(9))
        file.append(UInt64(2))
        for numbers in [[1, 2], [3]] as [[UInt8]] {
            file.append(UInt32(0))
            file.append(UInt64(numbers.count))
            file.bytes += numbers
        }
        let path = try TemporaryFile(file.bytes)
        let opened = try GGUFFile(path: path.path)
        #expect(opened.version == 2)
        let nested = try #require(opened.metadata["nested"]?.array)
        #expect(nested.prefix(9).map { $0.array?.ints() } == [[1, 2], [3]])
    }

    @Test func errorsOfTypedAccessNameTheKey() throws {
        var writer = GGUFWriter()
        writer.add("blocks", .uint32(7))
        writer.add("name", .string("x"))
        writer.add("scale", .float32(.nan))
        let path = try TemporaryFile(writer)
        let metadata = try GGUFFile(path: path.path).metadata
        #expect(try metadata.requireInt("blocks", in: 1...10) == 7)
        #expect(try metadata.requireFloat("blocks") == 7)
        #expect(try metadata.int("absent", in: 1...10) == nil)
        let errors: [(String, () throws -> Void)] = [
            ("\"blocks\"", { _ = try metadata.requireInt("blocks", in: 1...6) }),
            ("\"name\"", { _ = try metadata.requireInt("name", in: 1...6) }),
            ("\"scale\"", { _ = try metadata.requireFloat("scale") }),
            ("\"absent\"", { _ = try metadata.requireString("absent") }),
        ]
        for (key, attempt) in errors {
            let error = #expect(throws: GGUFError.self) { try attempt() }
            #expect(error?.description.contains(key) == true)
            #expect(error?.path == path.path)
        }
    }

    /// Every id that ggml has assigned has a row, with ggml's sizes (ggml_blck_size, ggml_type_size).
    @Test func tensorTypesMatchGGML() {
        #expect(TensorType.all.count == 43)
        #expect(TensorType.all.enumerated().allSatisfy { $0.offset == Int($0.element.id) })
        #expect(TensorType.find(43) == nil)
        let withdrawn = TensorType.all.filter(\.isWithdrawn).map(\.id)
        #expect(withdrawn == [4, 5, 31, 32, 33, 36, 37, 38])
        let sizes = TensorType.all.map { [$0.blockElements, $0.blockBytes] }
        #expect(sizes[12] == [256, 144])
        #expect(sizes[40] == [64, 36])
        #expect(Set(TensorType.all.map(\.name)).count == 43)
    }
}
