/// A snapshot of generation: the model's logits for the next token, and the state of the sampler chain.
///
/// Shows what the chain would do with these logits, also with settings that are only being tried out.
public struct NextToken: Sendable, Equatable {
    /// One for each token of the vocabulary.
    public let logits: [Float]
    /// Caches what it prepared for the settings that were tried last.
    private var chain: SamplerChain

    public init(logits: [Float], chain: SamplerChain) {
        self.logits = logits
        self.chain = chain
    }

    /// The effect of each sampler on the logits, with the given settings.
    ///
    /// - Parameter rows: the number of tokens to report.
    public mutating func trace(_ settings: SamplingSettings, rows: Int) -> ChainTrace {
        chain.update(settings)
        return chain.trace(logits: logits, rows: rows)
    }

    /// The bytes of a token's text; for control tokens, its name.
    public func bytes(of token: Int32) -> [UInt8] { chain.breakerVocabulary.bytes(token) }

    public static func == (left: NextToken, right: NextToken) -> Bool {
        left.logits == right.logits && left.chain.state.history.tokens == right.chain.state.history.tokens
    }
}

/// The effect of a sampler chain on one set of logits.
public struct ChainTrace: Sendable, Equatable {
    public struct Step: Sendable, Equatable {
        public var kind: SamplerStepKind
        /// The number of candidates that remain after it.
        public var left: Int
        /// The number of tokens whose logits were changed individually (bias, penalties); 0 for other steps.
        public var moved: Int
    }

    public struct Row: Sendable, Equatable {
        public var probabilities: TokenProbabilities
        /// The step that removed the token; nil if it is still a candidate.
        public var removedBy: SamplerStepKind?
    }

    /// Candidates before the first step.
    public var vocabulary: Int
    public var steps: [Step]
    /// The likeliest tokens before or after the chain, ordered by their probability before it.
    public var rows: [Row]
}

extension SamplerChain {
    /// What `sample` would do with these logits. Changes nothing.
    func trace(logits: [Float], rows count: Int) -> ChainTrace {
        var state = state
        var candidates = Candidates(logits: logits)
        let before = candidates
        let softmax = Softmax(before)
        let likeliest = LargestSelection.indices(of: max(count, 1), in: before.logits).prefix(max(count, 1))
        var removed: [Int32: SamplerStepKind] = [:]
        var steps: [ChainTrace.Step] = []

        func record(_ kind: SamplerStepKind, moved: Int) {
            steps.append(ChainTrace.Step(kind: kind, left: candidates.count, moved: moved))
            for token in likeliest.map({ before.token(at: $0) }) where removed[token] == nil {
                let index = candidates.index(of: token)
                if index.map({ candidates.logits[$0] == -.infinity }) ?? true { removed[token] = kind }
            }
        }
        for step in self.steps {
            let old = step.kind.isAdjustment ? candidates.logits : []
            step.apply(to: &candidates, state: &state)
            record(step.kind, moved: zip(old, candidates.logits).count { $0 != $1 })
        }
        if isGreedy {
            candidates.keepLargest(1)
            record(.temperature, moved: 0)
        }

        let after = Softmax(candidates)
        func row(_ token: Int32) -> ChainTrace.Row {
            let probabilities = TokenProbabilities(
                token: token, before: Float(softmax.probability(Int(token))),
                after: Float(candidates.index(of: token).map(after.probability) ?? 0))
            return ChainTrace.Row(probabilities: probabilities, removedBy: removed[token])
        }
        // Includes tokens that a bias or penalty has made likely.
        let chosen = TokenProbability.list(candidates, count: count).map(\.token)
        let rows = Set(likeliest.map { before.token(at: $0) } + chosen).map(row)
            .sorted {
                (max($0.probabilities.before, $0.probabilities.after), $1.probabilities.token) > (
                    max($1.probabilities.before, $1.probabilities.after), $0.probabilities.token
                )
            }
            .prefix(max(count, 1))
            .sorted {
                ($0.probabilities.before, $1.probabilities.token) > ($1.probabilities.before, $0.probabilities.token)
            }
        return ChainTrace(vocabulary: before.count, steps: steps, rows: rows)
    }
}
