import CKernels

/// Sees what a model's matrices are multiplied with.
protocol InputObserver: AnyObject {
    /// Called before a product.
    ///
    /// - Parameters:
    ///   - matrix: in the mapped file. With `rows`, that of the first expert; the others follow it.
    ///   - x: [count][stride], of which the first columns are the input.
    ///   - rows: which rows of the product belong to which expert; nil for a matrix without experts.
    ///   - isGrouped: whether `x` is in the order of `rows`, and not in that of tokens.
    func observe(
        _ matrix: sotto_matrix, _ x: UnsafePointer<Float>, stride: Int, count: Int, rows: ExpertRows?, isGrouped: Bool)
}
