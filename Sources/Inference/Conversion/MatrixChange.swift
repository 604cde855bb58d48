import CKernels

/// The low-rank change of a matrix as numbers: scale · B·A. (Hu et al. 2021)
struct MatrixChange: Sendable {
    private let a: [Float]  // [rank][cols]
    private let b: [Float]  // [rows][rank]
    private let rank: Int
    private let cols: Int
    private let scale: Float

    init(_ update: LowRankUpdate) {
        (rank, cols, scale) = (Int(update.a.rows), Int(update.a.cols), update.scale)
        func floats(_ matrix: sotto_matrix) -> [Float] {
            [Float](unsafeUninitializedCapacity: matrix.weightCount) { buffer, count in
                count = matrix.weightCount
                guard let data = matrix.data else { return }
                matrix.format.pointee.dequantize(data, buffer.baseAddress, count)
            }
        }
        (a, b) = (floats(update.a), floats(update.b))
    }

    /// Adds a row of the change to that of the matrix.
    func add(row: Int, to floats: UnsafeMutableBufferPointer<Float>) {
        for index in 0..<rank {
            let factor = scale * b[row * rank + index]
            for col in 0..<cols { floats[col] += factor * a[index * cols + col] }
        }
    }
}
