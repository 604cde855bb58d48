import CKernels
import Foundation

/// Every instruction set that this machine can run.
let paths: [sotto_isa] = [
    SOTTO_ISA_PORTABLE, SOTTO_ISA_AVX2, SOTTO_ISA_AVX_VNNI, SOTTO_ISA_AVX512, SOTTO_ISA_NEON,
].filter(sotto_isa_available)

var formats: [sotto_format] { (0..<sotto_format_count()).compactMap { sotto_format_at($0)?.pointee } }

extension sotto_format {
    var label: String { String(cString: name) }
}

/// A compute context that is freed with its owner.
final class Compute {
    let raw: OpaquePointer
    let isa: sotto_isa

    init?(threads: Int32 = 2, isa: sotto_isa) {
        guard let raw = sotto_compute_create(threads, isa) else { return nil }
        self.raw = raw
        self.isa = isa
    }

    deinit { sotto_compute_destroy(raw) }
}

/// A random weight matrix and its values.
final class Weights {
    let format: sotto_format
    let rows: Int, cols: Int
    let bytes: UnsafeMutableRawBufferPointer
    let values: [Float]

    init(
        _ format: sotto_format, rows: Int, cols: Int, of bytes: [UInt8] = Array(0...255),
        using random: inout Random, damage: (inout [UInt8]) -> Void = { _ in }
    ) {
        (self.format, self.rows, self.cols) = (format, rows, cols)
        let count = rows * cols / Int(format.block_elements)
        var blocks = randomBlocks(format, count: count, of: bytes, using: &random)
        damage(&blocks)
        self.bytes = .allocate(byteCount: blocks.count, alignment: 1)
        self.bytes.copyBytes(from: blocks)
        var values = [Float](repeating: 0, count: rows * cols)
        format.dequantize(self.bytes.baseAddress, &values, values.count)
        self.values = values
    }

    deinit { bytes.deallocate() }

    var matrix: sotto_matrix {
        sotto_matrix(
            format: sotto_format_find(format.id), data: UnsafeRawPointer(bytes.baseAddress), rows: Int64(rows),
            cols: Int64(cols))
    }

    /// The product in double precision, [tokens][rows].
    func product(_ x: [Float], tokens: Int, bias: [Float]) -> [Double] {
        values.withUnsafeBufferPointer { values in
            x.withUnsafeBufferPointer { x in
                (0..<tokens * rows).map { i in
                    let (token, row) = (i / rows, i % rows)
                    var sum = Double(bias[row])
                    var col = 0
                    while col < cols {
                        sum += Double(values[row * cols + col]) * Double(x[token * cols + col])
                        col += 1
                    }
                    return sum
                }
            }
        }
    }

    /// The kernels' product, [tokens][rows], with these weights or a copy of them.
    func project(
        _ x: [Float], tokens: Int, bias: [Float], as copy: sotto_matrix? = nil, on compute: Compute
    ) -> [Float] {
        var out = [Float](repeating: .nan, count: tokens * rows)
        let done = bias.withUnsafeBufferPointer { bias in
            out.withUnsafeMutableBufferPointer { out in
                var projection = sotto_projection(
                    weights: copy ?? matrix, bias: bias.baseAddress, out: out.baseAddress, out_stride: Int64(rows),
                    experts: nil)
                return sotto_project(compute.raw, x, Int64(cols), Int64(tokens), &projection, 1)
            }
        }
        return done ? out : []
    }

    /// The allowed error of a product: 8-bit activations for quantized formats, float activations for others.
    var tolerance: Double { format.block_elements == 1 || format.label == "F8_E4M3" ? 1e-11 : 3e-4 }

    /// Column counts with partial chunks and vectors, as far as the format's blocks allow.
    static func oddCols(_ format: sotto_format) -> [Int] {
        switch format.block_elements {
        case 256: [256, 768]
        case 128: [128, 384, 640]
        case 64: [64, 192, 576, 1088]
        case 32: [32, 96, 576, 1120]
        default: [7, 256, 613]
        }
    }
}

/// SplitMix64: the same numbers on every machine.
struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func normal() -> Float {
        let (u, v) = (Double.random(in: 1e-12..<1, using: &self), Double.random(in: 0..<1, using: &self))
        return Float((-2 * log(u)).squareRoot() * cos(2 * .pi * v))
    }

    mutating func normals(_ count: Int) -> [Float] { (0..<count).map { _ in normal() } }
}

/// Σ (a - b)² / Σ b², b being the reference.
func normalisedError(_ a: [Float], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) } / b.reduce(0) { $0 + $1 * $1 }
}

/// Random blocks of a format, with weights of order one: of the given bytes, apart from scales.
func randomBlocks(
    _ format: sotto_format, count: Int, of bytes: [UInt8] = Array(0...255), using random: inout Random
) -> [UInt8] {
    let size = Int(format.block_bytes)
    var blocks = (0..<count * size).map { _ in bytes.randomElement(using: &random) ?? 0 }
    for start in stride(from: 0, to: blocks.count, by: size) {
        if let scales = ByteScales.of[format.label] {
            for i in 0..<scales.count { blocks[start + i] = UInt8.random(in: scales.values, using: &random) }
        } else if format.label == "IQ1_M" {
            // The scale's sixteen bits are the upper nibbles of the last four words.
            let scale = halfBits(Float.random(in: 0.002...0.02, using: &random))
            for word in 0..<4 {
                let nibble = UInt8(truncatingIfNeeded: scale >> (4 * word)) << 4
                blocks[start + 49 + 2 * word] = blocks[start + 49 + 2 * word] & 15 | nibble
            }
        } else if format.label == "F8_E4M3" {
            let scale = Float.random(in: 0.002...0.02, using: &random)
            blocks.replaceSubrange(start..<start + 4, with: littleEndian(scale.bitPattern))
            // Seven ones are NaN.
            for i in start + 4..<start + size where blocks[i] & 0x7f == 0x7f { blocks[i] = 0 }
        } else if let halves = HalfScales.of[format.label] {
            let scale = halfBits(Float.random(in: 0.002...0.02, using: &random))
            blocks.replaceSubrange(start + halves.scale..<start + halves.scale + 2, with: littleEndian(scale))
            if let at = halves.minimum {
                let minimum = halfBits(Float.random(in: -0.01...0.01, using: &random))
                blocks.replaceSubrange(start + at..<start + at + 2, with: littleEndian(minimum))
            }
        } else {
            blocks.replaceSubrange(start..<start + size, with: floatBytes(random.normal(), format))
        }
    }
    return blocks
}

/// The byte offsets of a block's half-precision scale and minimum.
private struct HalfScales {
    let scale: Int
    var minimum: Int?

    static let of: [String: HalfScales] = [
        "Q1_0": .init(scale: 0), "Q2_0": .init(scale: 0),
        "Q4_0": .init(scale: 0), "Q4_1": .init(scale: 0, minimum: 2),
        "Q5_0": .init(scale: 0), "Q5_1": .init(scale: 0, minimum: 2), "Q8_0": .init(scale: 0),
        "Q2_K": .init(scale: 80, minimum: 82), "Q3_K": .init(scale: 108), "Q4_K": .init(scale: 0, minimum: 2),
        "Q5_K": .init(scale: 0, minimum: 2), "Q6_K": .init(scale: 208),
        "IQ1_S": .init(scale: 0), "IQ2_XXS": .init(scale: 0), "IQ2_XS": .init(scale: 0), "IQ2_S": .init(scale: 0),
        "IQ3_XXS": .init(scale: 0), "IQ3_S": .init(scale: 0),
        "IQ4_NL": .init(scale: 0), "IQ4_XS": .init(scale: 0), "TQ1_0": .init(scale: 52), "TQ2_0": .init(scale: 64),
    ]
}

/// Scales of one byte each at the start of a block, and bytes that stand for scales of ordinary size.
private struct ByteScales {
    let count: Int
    let values: ClosedRange<UInt8>

    static let of: [String: ByteScales] = [
        "MXFP4": .init(count: 1, values: 122...126), "NVFP4": .init(count: 4, values: 0x18...0x2f),
    ]
}

private func littleEndian(_ bits: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: bits.littleEndian, Array.init)
}

/// A weight of a format without blocks; for integers, one of up to about ±80.
private func floatBytes(_ weight: Float, _ format: sotto_format) -> [UInt8] {
    switch format.label {
    case "F32": littleEndian(weight.bitPattern)
    case "F16": littleEndian(halfBits(weight))
    case "BF16": littleEndian(UInt16(truncatingIfNeeded: weight.bitPattern >> 16))
    case "F64": littleEndian(Double(weight).bitPattern)
    default: Array(littleEndian(Int64(weight * 20)).prefix(Int(format.block_bytes)))
    }
}

/// The bits of the nearest half-precision number, for magnitudes in the normal range (Float16 is not available on all
/// platforms).
func halfBits(_ value: Float) -> UInt16 {
    let magnitude = value.magnitude
    guard magnitude >= 0x1p-14 else { return 0 }
    let rounded = (magnitude.bitPattern &+ 0xfff &+ (magnitude.bitPattern >> 13 & 1)) &- 0x3800_0000
    return UInt16(truncatingIfNeeded: rounded >> 13) | (value < 0 ? 0x8000 : 0)
}
