import CKernels
import Foundation
import Testing

/// One format's entry in Golden/dequantize.json (scripts/golden/dequantize.py made it with the `gguf` package).
private struct GoldenFormat: Decodable {
    let blocks: Data
    let values: Data
}

private func golden() throws -> [String: GoldenFormat] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden/dequantize.json")
    return try JSONDecoder().decode([String: GoldenFormat].self, from: Data(contentsOf: file))
}

@Suite struct FormatTests {
    @Test func tableAndGoldenFileNameTheSameFormats() throws {
        #expect(try Set(golden().keys) == Set(formats.map(\.label)))
        for format in formats { #expect(sotto_format_find(format.id)?.pointee.id == format.id) }
        #expect(sotto_format_find(9999) == nil)
        #expect(sotto_format_at(sotto_format_count()) == nil)
    }

    @Test(arguments: formats.map(\.label))
    func dequantizesAsTheReferenceDoes(label: String) throws {
        let format = try #require(formats.first { $0.label == label })
        let entry = try #require(try golden()[label])
        let expected = entry.values.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        var out = [Float](repeating: .nan, count: expected.count)
        entry.blocks.withUnsafeBytes { format.dequantize($0.baseAddress, &out, out.count) }
        let largest: Float = expected.map(\.magnitude).max() ?? 0
        let worst: Float = zip(out, expected).map { ($0 - $1).magnitude }.max() ?? .infinity
        #expect(worst <= 1e-6 * largest)
    }

    @Test(arguments: formats.map(\.label))
    func gathersRows(label: String) throws {
        let format = try #require(formats.first { $0.label == label })
        var random = Random(state: 3)
        let (rows, cols) = (9, 256)
        let data = randomBlocks(format, count: rows * cols / Int(format.block_elements), using: &random)
        let compute = try #require(Compute(isa: SOTTO_ISA_PORTABLE))
        var all = [Float](repeating: 0, count: rows * cols)
        var some = [Float](repeating: 0, count: 3 * cols)
        data.withUnsafeBytes { bytes in
            format.dequantize(bytes.baseAddress, &all, all.count)
            var matrix = sotto_matrix(
                format: sotto_format_find(format.id), data: bytes.baseAddress, rows: Int64(rows), cols: Int64(cols))
            sotto_gather_rows(compute.raw, &matrix, [8, 0, 3], 3, &some)
        }
        let expected: [Float] = [8, 0, 3].flatMap { (row: Int) in all[row * cols..<(row + 1) * cols] }
        #expect(some == expected)
    }
}
