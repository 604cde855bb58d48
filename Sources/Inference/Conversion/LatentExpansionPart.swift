/// A part of the matrix that expands latent vectors, as GGUF files have it: of each head, the rows of its values, or those of
/// its key with rows and columns exchanged.
struct LatentExpansionPart: Sendable {
    enum Kind: Sendable, CaseIterable {
        case keys, values

        var role: LayerRole { self == .keys ? .latentKeyExpansion : .latentValueExpansion }
    }

    private let kind: Kind
    private let heads: Int
    private let rank: Int
    /// Rows of a head's key, and of its values.
    private let keyRows: Int
    private let valueRows: Int

    /// - Parameter rotated: elements of a head's key that are not expanded.
    init(_ kind: Kind, _ attention: AttentionConfig, rotated: Int) {
        (self.kind, heads, rank) = (kind, attention.heads, attention.latentRank ?? 0)
        (keyRows, valueRows) = (attention.headDim - rotated, attention.valueDim)
    }

    /// The contiguous one first.
    var dimensions: [Int] {
        switch kind {
        case .keys: [keyRows, rank, heads]
        case .values: [rank, valueRows, heads]
        }
    }

    /// A function that writes a row of the part as floats.
    ///
    /// - Parameter read: does so for the whole matrix.
    func reader(
        _ read: @escaping @Sendable (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) -> @Sendable (Int, UnsafeMutableBufferPointer<Float>) -> Void {
        let (keyRows, valueRows, rank) = (keyRows, valueRows, rank)
        switch kind {
        case .values:
            return { row, floats in
                read(row / valueRows * (keyRows + valueRows) + keyRows + row % valueRows, floats)
            }
        case .keys:
            let keys = keys(read)
            return { row, floats in
                let (head, col) = (row / rank, row % rank)
                for index in floats.indices { floats[index] = keys[(head * keyRows + index) * rank + col] }
            }
        }
    }

    /// [heads][rows of a key][rank]
    private func keys(_ read: (Int, UnsafeMutableBufferPointer<Float>) -> Void) -> [Float] {
        let count = heads * keyRows * rank
        return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            for row in 0..<heads * keyRows {
                read(
                    row / keyRows * (keyRows + valueRows) + row % keyRows,
                    UnsafeMutableBufferPointer(rebasing: buffer[row * rank..<(row + 1) * rank]))
            }
            filled = count
        }
    }
}
