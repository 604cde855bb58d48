import Foundation
import GGUF

/// A matrix of four-bit integers as GPTQ and AWQ store it: w = scale · (code − zero), with a scale and a zero for each
/// group of a row's weights. Matrices are stored transposed, eight codes in a word.
struct PackedIntegers: Sendable {
    /// GPTQ: [cols / 8][rows], AWQ: [cols][rows / 8]
    let weights: TensorView
    /// [groups][rows / 8]
    let zeros: TensorView
    /// [groups][rows]
    let scales: TensorView
    /// The group of each column; nil if they follow each other.
    let groupOrder: TensorView?
    let rows: Int
    let cols: Int
    let groups: Int
    let groupSize: Int
    /// Whether the codes of a word follow each other along the input, as in GPTQ, or along the output, as in AWQ.
    let isAlongInput: Bool
    /// What is added to stored zeros.
    let zeroOffset: Int

    /// AWQ's order of rows in a word, as places of row 0, 1, …: it suits a GPU's way of unpacking.
    private static let places = [0, 4, 1, 5, 2, 6, 3, 7]
    private static let shifts = SIMD8<UInt32>(0, 16, 4, 20, 8, 24, 12, 28)

    private func word(_ view: TensorView, _ index: Int) -> UInt32 {
        view.bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
    }

    private func code(_ row: Int, _ col: Int) -> Int {
        isAlongInput
            ? Int(word(weights, col / 8 * rows + row) >> (col % 8 * 4) & 15)
            : Int(word(weights, (col * rows + row) / 8) >> (Self.places[row % 8] * 4) & 15)
    }

    private func zero(_ row: Int, _ group: Int) -> Int {
        let place = isAlongInput ? row % 8 : Self.places[row % 8]
        return Int(word(zeros, (group * rows + row) / 8) >> (place * 4) & 15) + zeroOffset
    }

    /// Whether the zeros of the first group are in the middle of the codes. (The file says that all are.)
    var isCentred: Bool { (0..<rows).allSatisfy { zero($0, 0) == 8 } }

    /// Writes blocks of 32 weights: the scale, −zero · scale if there is an offset, and 16 bytes whose low halves are the
    /// first 16 codes. Both numbers are rounded to F16, which the first is already in most files.
    func writeBlocks(to target: UnsafeMutableRawBufferPointer, hasOffset: Bool) {
        let scales = scales.floats
        let (blocks, bytes) = (cols / 32, hasOffset ? 20 : 18)
        PackedRows.forEachPart(rows / 8, target, weights.bytes) { parts, target, _ in
            for first in parts.lazy.map({ $0 * 8 }) {
                for block in 0..<blocks {
                    let group = block * 32 / groupSize
                    let codes = codes(rows: first, block: block)
                    for row in first..<first + 8 {
                        let scale = scales[group * rows + row]
                        var place = (row * blocks + block) * bytes
                        target.storeBytes(of: HalfFloat(scale).bits, toByteOffset: place, as: UInt16.self)
                        if hasOffset {
                            let offset = HalfFloat(-scale * Float(zero(row, group)))
                            target.storeBytes(of: offset.bits, toByteOffset: place + 2, as: UInt16.self)
                        }
                        place += bytes - 16
                        let (low, high) = (codes.low[row - first], codes.high[row - first])
                        for index in 0..<16 {
                            target[place + index] =
                                UInt8(truncatingIfNeeded: low >> UInt64(index * 4) & 15)
                                | UInt8(truncatingIfNeeded: high >> UInt64(index * 4) & 15) << 4
                        }
                    }
                }
            }
        }
    }

    /// The first and the second 16 codes of a block in each of eight rows, four bits for each.
    private func codes(rows first: Int, block: Int) -> (low: SIMD8<UInt64>, high: SIMD8<UInt64>) {
        /// 16 columns from `col` on.
        func half(_ col: Int) -> SIMD8<UInt64> {
            if isAlongInput {
                func words(_ index: Int) -> SIMD8<UInt64> {
                    let place = (index * rows + first) * 4
                    return .init(
                        truncatingIfNeeded: weights.bytes.loadUnaligned(fromByteOffset: place, as: SIMD8<UInt32>.self))
                }
                return words(col / 8) | words(col / 8 + 1) &<< 32
            }
            var result = SIMD8<UInt64>.zero
            for index in 0..<16 {
                let word = SIMD8<UInt32>(repeating: word(weights, ((col + index) * rows + first) / 8))
                result |= SIMD8<UInt64>(truncatingIfNeeded: word &>> Self.shifts & 15) &<< UInt64(index * 4)
            }
            return result
        }
        return (half(block * 32), half(block * 32 + 16))
    }

    /// Writes each weight, for groups in an order of their own.
    func writeF16(to target: UnsafeMutableRawBufferPointer) {
        let scales = scales.floats
        let order = (0..<cols).map { col -> Int in
            let group = groupOrder.map { Int(Int32(bitPattern: word($0, col))) } ?? col / groupSize
            return min(max(group, 0), groups - 1)
        }
        PackedRows.forEachPart(rows / 8, target, weights.bytes) { parts, target, _ in
            for row in parts.lowerBound * 8..<parts.upperBound * 8 {
                for col in 0..<cols {
                    let weight = scales[order[col] * rows + row] * Float(code(row, col) - zero(row, order[col]))
                    target.storeBytes(of: HalfFloat(weight).bits, toByteOffset: (row * cols + col) * 2, as: UInt16.self)
                }
            }
        }
    }
}
