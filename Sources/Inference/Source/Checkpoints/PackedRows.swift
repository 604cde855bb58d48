import Foundation

/// Puts small floats of checkpoints into the blocks that the kernels read, without changing a weight.
enum PackedRows {
    /// Weights of a row in a block of F8.
    static let f8Group = 64
    private static let f8Bytes = 68

    /// - Parameters:
    ///   - bytes: [rows][cols]
    ///   - scale: of the block that begins at a row and column.
    static func f8(
        _ bytes: UnsafeRawBufferPointer, cols: Int, rows: Int, in target: UnsafeMutableRawBufferPointer,
        scale: @Sendable (_ row: Int, _ col: Int) -> Float
    ) {
        let blocks = cols / f8Group
        forEachPart(rows, target, bytes) { rows, target, bytes in
            for row in rows {
                for block in 0..<blocks {
                    let place = (row * blocks + block) * f8Bytes
                    target.storeBytes(of: scale(row, block * f8Group), toByteOffset: place, as: Float.self)
                    copy(bytes, row * cols + block * f8Group, f8Group, to: target, place + 4)
                }
            }
        }
    }

    /// Blocks of 32: the exponent, then 16 bytes whose low halves are the first 16 weights. In the files, neighbours share
    /// a byte.
    ///
    /// - Parameters:
    ///   - bytes: [blocks][16]
    ///   - scales: [blocks]
    static func mxfp4(
        _ bytes: UnsafeRawBufferPointer, scales: UnsafeRawBufferPointer, in target: UnsafeMutableRawBufferPointer
    ) {
        // The mapping is read-only and lives as long as the checkpoint.
        nonisolated(unsafe) let scales = scales
        forEachPart(scales.count, target, bytes) { blocks, target, bytes in
            for block in blocks {
                target[block * 17] = scales[block]
                regroup(bytes, block * 16, weights: 32, to: target, block * 17 + 1)
            }
        }
    }

    /// Blocks of 64: four scales, then four groups of 8 bytes, each with the first 8 weights in its low halves.
    ///
    /// - Parameters:
    ///   - bytes: [groups][8]
    ///   - scales: [groups]
    static func nvfp4(
        _ bytes: UnsafeRawBufferPointer, scales: UnsafeRawBufferPointer, in target: UnsafeMutableRawBufferPointer
    ) {
        // The mapping is read-only and lives as long as the checkpoint.
        nonisolated(unsafe) let scales = scales
        forEachPart(scales.count / 4, target, bytes) { blocks, target, bytes in
            for block in blocks {
                copy(scales, block * 4, 4, to: target, block * 36)
                for group in 0..<4 {
                    regroup(bytes, (block * 4 + group) * 8, weights: 16, to: target, block * 36 + 4 + group * 8)
                }
            }
        }
    }

    /// Halves of bytes, of neighbours in the source, of weights that are half a group apart in the result.
    private static func regroup(
        _ bytes: UnsafeRawBufferPointer, _ from: Int, weights: Int, to target: UnsafeMutableRawBufferPointer,
        _ place: Int
    ) {
        func weight(_ index: Int) -> UInt8 { bytes[from + index / 2] >> (index % 2 * 4) & 15 }
        for index in 0..<weights / 2 { target[place + index] = weight(index) | weight(index + weights / 2) << 4 }
    }

    private static func copy(
        _ bytes: UnsafeRawBufferPointer, _ from: Int, _ count: Int, to target: UnsafeMutableRawBufferPointer,
        _ place: Int
    ) {
        UnsafeMutableRawBufferPointer(rebasing: target[place..<place + count])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[from..<from + count]))
    }

    /// Divides 0..<count among all cores.
    static func forEachPart(
        _ count: Int, _ target: UnsafeMutableRawBufferPointer, _ bytes: UnsafeRawBufferPointer,
        _ body: @Sendable (Range<Int>, UnsafeMutableRawBufferPointer, UnsafeRawBufferPointer) -> Void
    ) {
        let parts = min(max(1, count), 64)
        // Every part writes bytes of its own and reads a mapping that nobody writes.
        nonisolated(unsafe) let (target, bytes) = (target, bytes)
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            body(count * part / parts..<count * (part + 1) / parts, target, bytes)
        }
    }
}
