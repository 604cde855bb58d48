/// Where the rows or elements of a file's tensor are in the checkpoint.
enum ElementPlaces: Equatable {
    /// Queries and keys in files whose rotation pairs neighbours, where checkpoints pair the two halves of a head. Only
    /// `rotated` rows of each head turn, `from` one on.
    case pairs(headDim: Int, from: Int, rotated: Int)
    /// Heads of values, from an element on, of each key head in turn, where checkpoints have all those of a key head one after
    /// the other.
    case tiles(from: Int, keyHeads: Int, perKeyHead: Int, dim: Int)

    /// The place in the checkpoint of element `index` of the file.
    func source(of index: Int) -> Int {
        switch self {
        case .pairs(let headDim, let first, let rotated):
            let place = index % headDim - first
            guard (0..<rotated).contains(place) else { return index }
            return index - place + place % 2 * (rotated / 2) + place / 2
        case .tiles(let first, let keyHeads, let perKeyHead, let dim):
            guard index >= first else { return index }
            let (head, place) = ((index - first) / dim, (index - first) % dim)
            return first + (head % keyHeads * perKeyHead + head / keyHeads) * dim + place
        }
    }
}

extension ElementPlaces {
    /// Of the rows of a layer's matrix in files whose rotation pairs neighbours; nil for rows that are not rotated.
    init?(_ role: LayerRole, _ attention: AttentionConfig, ropeDim: Int?) {
        // All layers have the same order, those without positions too.
        let headDim = attention.headDim
        let rotated = min(ropeDim ?? headDim, headDim)
        switch (role, attention.latentRank) {
        case (.query, nil), (.key, nil): self = .pairs(headDim: headDim, from: 0, rotated: rotated)
        case (.query, _), (.queryExpansion, _):
            self = .pairs(headDim: headDim, from: headDim - rotated, rotated: rotated)
        case (.latentProjection, let rank?): self = .pairs(headDim: rank + rotated, from: rank, rotated: rotated)
        default: return nil
        }
    }
}
