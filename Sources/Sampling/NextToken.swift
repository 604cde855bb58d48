/// One moment of a text: the model's logits for the token that comes next, and the sampler chain as it stands there.
///
/// The same chain that chooses shows here what it would do, also under settings that are only being tried.
public struct NextToken: Sendable, Equatable {
    /// One for each token of the vocabulary.
    public let logits: [Float]
    /// Keeps what it prepared for the settings that were tried last.
    private var chain: SamplerChain

    public init(logits: [Float], chain: SamplerChain) {
        self.logits = logits
        self.chain = chain
    }

    /// What the chain makes of the logits under some settings, step by step.
    ///
    /// - Parameter rows: how many tokens to tell of.
    public mutating func trace(_ settings: SamplingSettings, rows: Int) -> ChainTrace {
        chain.update(settings)
        return chain.trace(logits: logits, rows: rows)
    }

    /// The bytes that a token stands for; its name, for a control token.
    public func bytes(of token: Int32) -> [UInt8] { chain.breakerVocabulary.bytes(token) }

    public static func == (left: NextToken, right: NextToken) -> Bool {
        left.logits == right.logits && left.chain.state.history.tokens == right.chain.state.history.tokens
    }
}

/// What a sampler chain does to one set of logits.
public struct ChainTrace: Sendable, Equatable {
    public struct Step: Sendable, Equatable {
        public var kind: SamplerStepKind
        /// Candidates after it.
        public var left: Int
        /// Tokens whose logit it changed one by one (bias, penalties); 0 for other steps.
        public var moved: Int
    }

    public struct Row: Sendable, Equatable {
        public var probabilities: TokenProbabilities
        /// The step that took the token out; nil while it is a candidate.
        public var removedBy: SamplerStepKind?
    }

    /// Candidates before the first step.
    public var vocabulary: Int
    public var steps: [Step]
    /// The likeliest before or after the chain, in the order in which they come before it.
    public var rows: [Row]
}

extension SamplerChain {
    /// What `sample` would do to these logits. Changes nothing.
    func trace(logits: [Float], rows count: Int) -> ChainTrace {
        var state = state
        var candidates = Candidates(logits: logits)
        let before = candidates
        let softmax = Softmax(before)
        let likeliest = LargestSelection.indices(of: max(count, 1), in: before.logits).prefix(max(count, 1))
        var removed: [Int32: SamplerStepKind] = [:]
        var steps: [ChainTrace.Step] = []

        func note(_ kind: SamplerStepKind, moved: Int) {
            steps.append(ChainTrace.Step(kind: kind, left: candidates.count, moved: moved))
            for token in likeliest.map({ before.token(at: $0) }) where removed[token] == nil {
                let index = candidates.index(of: token)
                if index.map({ candidates.logits[$0] == -.infinity }) ?? true { removed[token] = kind }
            }
        }
        for step in self.steps {
            let old = step.kind.isAdjustment ? candidates.logits : []
            step.apply(to: &candidates, state: &state)
            note(step.kind, moved: zip(old, candidates.logits).count { $0 != $1 })
        }
        if isGreedy {
            candidates.keepLargest(1)
            note(.temperature, moved: 0)
        }

        let after = Softmax(candidates)
        func row(_ token: Int32) -> ChainTrace.Row {
            let probabilities = TokenProbabilities(
                token: token, before: Float(softmax.probability(Int(token))),
                after: Float(candidates.index(of: token).map(after.probability) ?? 0))
            return ChainTrace.Row(probabilities: probabilities, removedBy: removed[token])
        }
        // A token that bias or a penalty has brought up belongs to the picture as well.
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
