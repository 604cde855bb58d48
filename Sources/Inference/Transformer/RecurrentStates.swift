import CKernels

/// What layers of fixed memory remember: the last inputs of convolutions, and the states of linear attention.
///
/// Such a state cannot be cut to an earlier position, so copies of it are kept for the positions that the next prompt is likely
/// to begin at: the end of the prompt, a little before it (where a template may leave out the last reply's thoughts), and the
/// beginning of the latest long pass.
final class RecurrentStates {
    private let offsets: [Int]
    private let live: FloatBuffer
    /// The number of tokens that the state is of; nil while a pass runs and after one that was cancelled.
    private var position: Int? = 0
    private var copies: [(position: Int, state: FloatBuffer)] = []
    /// Whether the latest pass had more than one token.
    private var followsLongPass = false

    private static let mostCopies = 3

    init(_ config: ModelConfig) {
        var floats = 0
        offsets = config.layers.map { layer in
            defer { floats += layer.stateFloats(hiddenSize: config.hiddenSize) }
            return floats
        }
        live = FloatBuffer(count: floats)
    }

    var isEmpty: Bool { live.count == 0 }

    /// Bytes of the state and the copies of it.
    static func byteCount(_ config: ModelConfig) -> Int { stateBytes(config) * (1 + mostCopies) }

    /// Bytes of the state.
    static func stateBytes(_ config: ModelConfig) -> Int {
        config.layers.reduce(0) { $0 + $1.stateFloats(hiddenSize: config.hiddenSize) } * MemoryLayout<Float>.stride
    }

    func layer(_ index: Int) -> UnsafeMutablePointer<Float> { live.base + offsets[index] }

    // MARK: Positions

    /// The last position up to `limit` whose state is known.
    func resumePosition(upTo limit: Int) -> Int {
        if isEmpty { return limit }
        return ([0, position ?? 0] + copies.map(\.position)).filter { $0 <= limit }.max() ?? 0
    }

    /// Begins a pass of `count` tokens at a position that `resumePosition` returned.
    func begin(at first: Int, count: Int) {
        guard !isEmpty else { return }
        copies.removeAll { $0.position > first }
        if position != first {
            if let copy = copies.last(where: { $0.position == first }) {
                live.base.update(from: copy.state.base, count: live.count)
            } else {
                precondition(first == 0, "There is no state for this position")
                live.base.update(repeating: 0, count: live.count)
            }
        } else if first > 0, count > 1 || followsLongPass, !copies.contains(where: { $0.position == first }) {
            keepCopy(of: first)
        }
        followsLongPass = count > 1
        position = nil
    }

    /// Ends a pass.
    func end(at next: Int) { position = next }

    private func keepCopy(of position: Int) {
        let isFull = copies.count >= Self.mostCopies
        let state = isFull ? copies.removeFirst().state : FloatBuffer(count: live.count)
        state.base.update(from: live.base, count: live.count)
        copies.append((position, state))
    }
}

extension LayerConfig {
    /// Floats that the layer remembers, however many tokens there were.
    fileprivate func stateFloats(hiddenSize: Int) -> Int {
        switch mixer {
        case .attention, .linear, nil: 0
        case .convolution(let length): (length - 1) * hiddenSize
        case .linearAttention(let linear): linear.convolutionFloats + linear.stateFloats
        }
    }
}
