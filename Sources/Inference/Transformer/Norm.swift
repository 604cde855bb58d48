import CKernels

/// Normalises vectors: by their root mean square (Zhang & Sennrich 2019), or by mean and variance (Ba et al. 2016).
struct Norm {
    let isRMS: Bool
    let epsilon: Float
    /// Elements of a vector.
    let size: Int
    /// [size]
    let weight: FloatBuffer?
    /// [size]
    let bias: FloatBuffer?

    /// - Parameters:
    ///   - x: [rows][size]
    ///   - out: [rows][size]; may be x.
    func apply(
        _ compute: Compute, _ x: UnsafePointer<Float>, rows: Int, into out: UnsafeMutablePointer<Float>
    ) {
        guard isRMS else {
            return sotto_layer_norm(
                compute.handle, x, weight?.base, bias?.base, epsilon, Int64(rows), Int64(size), out)
        }
        sotto_rms_norm(compute.handle, x, weight?.base, epsilon, Int64(rows), Int64(size), out)
        guard let bias else { return }
        for row in 0..<rows { sotto_add(compute.handle, bias.base, out + row * size, Int64(size)) }
    }
}

/// Normalises query or key heads.
enum HeadNorm {
    /// Each head, with the same weights or none.
    case heads(Norm)
    /// Each head, without weights; then a factor for each element of all heads. [heads · head dimension]
    case factors(Norm, FloatBuffer)
    /// All heads as one vector.
    case whole(Norm)

    /// In place.
    ///
    /// - Parameter x: [tokens][heads][head dimension]
    func apply(_ compute: Compute, _ x: FloatBuffer, tokens: Int, heads: Int) {
        switch self {
        case .heads(let norm): norm.apply(compute, x.base, rows: tokens * heads, into: x.base)
        case .whole(let norm): norm.apply(compute, x.base, rows: tokens, into: x.base)
        case .factors(let norm, let factors):
            norm.apply(compute, x.base, rows: tokens * heads, into: x.base)
            sotto_multiply_rows(
                compute.handle, factors.base, x.base, Int64(tokens), Int64(heads * norm.size))
        }
    }
}
