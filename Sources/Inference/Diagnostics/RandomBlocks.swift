import CKernels
import Sampling

/// Random blocks of a format that cannot be encoded, with weights of ordinary size.
struct RandomBlocks {
    let format: QuantizedType
    private var random = RandomSource(seed: 1)

    init(_ format: QuantizedType) { self.format = format }

    mutating func blocks(_ count: Int) -> [UInt8] { (0..<count).flatMap { _ in block() } }

    /// Writes `count` blocks: a few thousand, repeated.
    mutating func write(_ count: Int, _ put: ([UInt8]) throws -> Void) rethrows {
        let some = blocks(min(count, 1 << 12))
        for first in stride(from: 0, to: count, by: 1 << 12) {
            try put(Array(some.prefix((count - first) * format.blockBytes)))
        }
    }

    /// Random bytes would often be a scale that is infinite, NaN, or denormal and therefore slow.
    private mutating func block() -> [UInt8] {
        var weights = [Float](repeating: 0, count: format.blockElements)
        while true {
            let bytes = (0..<format.blockBytes).map { _ in UInt8.random(in: 0...255, using: &random) }
            bytes.withUnsafeBytes { bytes in
                guard let blocks = bytes.baseAddress else { return }
                weights.withUnsafeMutableBufferPointer { format.dequantize(blocks, to: $0) }
            }
            let isOrdinary = weights.allSatisfy { abs($0) < 1 } && weights.contains { abs($0) > 1e-3 }
            if isOrdinary { return bytes }
        }
    }
}
