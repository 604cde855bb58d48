import ONNX
import ONNXRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a graph remembers from pass to pass: the keys and values of all tokens so far, and the states of recurrent layers.
///
/// Attention that can write its output over its input gets one memory with room for all tokens. Other graphs copy what they
/// remember with every pass, from one of two memories to the other.
final class ONNXMemory {
    /// The number of tokens that are remembered.
    private(set) var length = 0
    private let interface: ONNXInterface
    private let capacity: Int
    private let caches: [MemoryPair]
    private let states: [MemoryPair]
    /// Whether the latest pass wrote into the first of two memories.
    private var isFlipped = false

    private struct MemoryPair {
        let first: TensorMemory
        let second: TensorMemory

        init(byteCount: Int, isShared: Bool) throws(ONNXRuntimeError) {
            first = try TensorMemory(byteCount: byteCount)
            second = try isShared ? first : TensorMemory(byteCount: byteCount)
        }

        func past(_ isFlipped: Bool) -> TensorMemory { isFlipped ? second : first }
        func present(_ isFlipped: Bool) -> TensorMemory { isFlipped ? first : second }
    }

    /// - Parameter capacity: the most tokens.
    init(_ interface: ONNXInterface, capacity: Int) throws(ONNXRuntimeError) {
        self.interface = interface
        self.capacity = capacity
        var (caches, states) = ([MemoryPair](), [MemoryPair]())
        for cache in interface.caches {
            caches.append(
                try MemoryPair(byteCount: capacity * cache.bytesPerToken, isShared: interface.sharesCaches))
        }
        for state in interface.states { states.append(try MemoryPair(byteCount: state.byteCount, isShared: false)) }
        (self.caches, self.states) = (caches, states)
    }

    // MARK: Going back

    /// The last position up to `position` at which a pass can begin.
    func resumePosition(upTo position: Int) -> Int {
        // A state is that after the latest token, or that of an empty text.
        guard states.isEmpty else { return position == length ? position : 0 }
        // What is written in place stays behind the end.
        return interface.sharesCaches ? position : min(position, length)
    }

    /// Forgets all tokens from a position on, which `resumePosition` has returned.
    func truncate(to position: Int) {
        if position == 0 {
            for pair in states { memset(pair.past(isFlipped).base, 0, pair.first.byteCount) }
        }
        if !interface.sharesCaches, position < length {
            for (cache, pair) in zip(interface.caches, caches) {
                let base = pair.past(isFlipped).base
                // The rows are next to each other, so all but the first move.
                for row in 0..<cache.rows {
                    memmove(
                        base + row * position * cache.tokenBytes, base + row * length * cache.tokenBytes,
                        position * cache.tokenBytes)
                }
            }
        }
        length = position
    }

    // MARK: Passes

    /// Binds what a pass of `count` tokens reads and writes.
    func bind(_ session: InferenceSession, count: Int) throws(ONNXRuntimeError) {
        let total = length + count
        for (cache, pair) in zip(interface.caches, caches) {
            let (before, after) = interface.sharesCaches ? (capacity, capacity) : (length, total)
            try session.bind(
                .input, cache.past, type: cache.type.rawValue, shape: cache.shape(before),
                to: pair.past(isFlipped).base, byteCount: before * cache.bytesPerToken)
            try session.bind(
                .output, cache.present, type: cache.type.rawValue, shape: cache.shape(after),
                to: pair.present(isFlipped).base, byteCount: after * cache.bytesPerToken)
        }
        for (state, pair) in zip(interface.states, states) {
            try session.bind(
                .input, state.past, type: state.type.rawValue, shape: state.shape, to: pair.past(isFlipped).base,
                byteCount: state.byteCount)
            try session.bind(
                .output, state.present, type: state.type.rawValue, shape: state.shape,
                to: pair.present(isFlipped).base, byteCount: state.byteCount)
        }
    }

    /// Whether bound memory is the same in every pass.
    var isFixed: Bool { interface.sharesCaches && states.isEmpty }

    /// Remembers the tokens of a pass that is complete. What another pass writes is never read.
    func advance(by count: Int) {
        length += count
        isFlipped.toggle()
    }

    /// Bytes that are read for the token at a position.
    func bytesRead(at position: Int) -> Int {
        interface.caches.reduce(0) { $0 + $1.bytesPerToken } * (position + 1)
            + interface.states.reduce(0) { $0 + $1.byteCount }
    }
}
