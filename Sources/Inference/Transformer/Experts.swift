import CKernels

/// A mixture of experts: each token uses some of many small networks, chosen by a router. (Shazeer et al. 2017)
///
///     out = Σ weight[e] · down[e] · (f(gate[e] · x) ⊙ up[e] · x) + shared(x)
///
/// F is the size of an expert, E the hidden size.
struct Experts {
    let config: ExpertsConfig
    let router: Router
    let routerInput: ArchitectureSpec.ExpertsSpec.RouterInput
    /// Factors of the router's input; 1/√E included. [E]
    let routerFactors: FloatBuffer?
    /// Without weights, for the router's input.
    let routerNorm: Norm?
    let network: ExpertNetwork
    /// Before and after the experts, which compute with vectors of another size.
    let latent: Latent?
    /// Of the experts' own input: the residual stream, or the layer's input. [E]
    let inputNorm: Norm?
    let readsLayerInput: Bool
    /// Whether experts' inputs are weighted, not their outputs.
    let weightsInputs: Bool
    let outputNorm: Norm?  // [E]
    /// Experts that all tokens use, or a dense network beside the experts.
    let shared: SharedExpert?
    let groupExperts: ExpertNetwork?
    /// Of the sum of all of them.
    let sumFactor: Float

    /// (NVIDIA 2026, "Nemotron 3 Super")
    struct Latent {
        let reduction: Linear  // [latent size × E]
        let expansion: Linear  // [E × latent size]
    }

    struct SharedExpert {
        let network: DenseFeedForward
        /// Each token's share of its output, before the sigmoid. [1 × E]
        let gate: Linear?
        let outputNorm: Norm?  // [E]
    }

    var linears: [Linear] {
        [router.linear] + (latent.map { [$0.reduction, $0.expansion] } ?? [])
            + (shared.map { [$0.gate].compactMap { $0 } + $0.network.linears } ?? [])
    }

    var stacks: [ExpertStack] { network.stacks + (groupExperts?.stacks ?? []) }

    static func scratch(_ config: ExpertsConfig, hiddenSize: Int) -> ScratchNeed {
        let width = max(config.ffnSize, config.groupExperts?.ffnSize ?? 0)
        var need = ScratchNeed([
            .layerInput: hiddenSize, .branch: hiddenSize, .routerLogits: config.experts, .factors: config.used,
            .expertGate: config.used * (config.isFused ? 2 : 1) * width, .expertUp: config.used * width,
            .expertOutput: config.used * hiddenSize,
        ])
        if let size = config.latentSize { need.form(with: ScratchNeed([.latent: size, .value: size])) }
        if let shared = config.shared { need.form(with: DenseFeedForward.scratch(shared)) }
        return need
    }

    /// Writes its output to `projected`.
    ///
    /// - Parameter x: [tokens][E], normalised
    func run(_ x: FloatBuffer, _ work: Workspace) throws(EngineError) {
        let (branch, out, count) = (work[.branch], work[.projected], work.count)
        var input = x
        if let inputNorm {
            // Computed before the shared expert, which uses the same buffer for its output.
            inputNorm.apply(
                work.compute, work[readsLayerInput ? .layerInput : .residual].base, rows: count, into: branch.base)
            input = branch
        }
        var choice = try choose(input, work)
        if let latent, let size = config.latentSize {
            try work.project(input, work.hiddenSize, (latent.reduction, work[.latent]))
            try network.run(
                work[.latent], size: size, choice, weightsInputs: weightsInputs, into: work[.value], work)
            try work.project(work[.value], size, (latent.expansion, out))
        } else {
            try network.run(
                input, size: work.hiddenSize, choice, weightsInputs: weightsInputs, into: out, work)
        }
        if let groupExperts, let group = config.groupExperts {
            choice.replace(byGroupsOf: group.expertsPerGroup, weights: work[.routerLogits].base, router)
            try groupExperts.run(
                out, size: work.hiddenSize, choice, weightsInputs: false, into: branch, work)
            sotto_scale(work.compute.handle, group.scale, branch.base, Int64(count * work.hiddenSize))
            sotto_add(work.compute.handle, branch.base, out.base, Int64(count * work.hiddenSize))
        }
        outputNorm?.apply(work.compute, out.base, rows: count, into: out.base)
        if let shared { try add(shared, x, work) }
        if sumFactor != 1 { sotto_scale(work.compute.handle, sumFactor, out.base, Int64(count * work.hiddenSize)) }
    }

    private func add(_ shared: SharedExpert, _ x: FloatBuffer, _ work: Workspace) throws(EngineError) {
        let (branch, count, handle) = (work[.branch], work.count, work.compute.handle)
        try shared.network.run(x, into: branch, work)
        if let gate = shared.gate {
            let factors = work[.factors]
            try work.project(x, work.hiddenSize, (gate, factors))
            sotto_gated(handle, .init(SOTTO_SIGMOID), factors.base, nil, factors.base, 1, Int64(count), Int64(count))
            work.scaleRows(branch.base, by: factors.base, rows: count, size: work.hiddenSize)
        }
        shared.outputNorm?.apply(work.compute, branch.base, rows: count, into: branch.base)
        sotto_add(handle, branch.base, work[.projected].base, Int64(count * work.hiddenSize))
    }

    /// Routes the tokens of the pass.
    private func choose(_ x: FloatBuffer, _ work: Workspace) throws(EngineError) -> ExpertChoice {
        var input = x
        switch routerInput {
        case .normed: break
        case .layerInput: input = work[.layerInput]
        case .scaledResidual:
            // `projected` is not needed before the experts write to it.
            input = work[.projected]
            routerNorm?.apply(work.compute, work[.residual].base, rows: work.count, into: input.base)
            if let routerFactors {
                sotto_multiply_rows(
                    work.compute.handle, routerFactors.base, input.base, Int64(work.count), Int64(work.hiddenSize))
            }
        }
        let logits = work[.routerLogits]
        try work.project(input, work.hiddenSize, (router.linear, logits))
        var choice = ExpertChoice(tokens: work.count, used: config.used, experts: config.experts)
        for token in 0..<work.count {
            router.choose(
                logits.base + token * config.experts, &choice.chosen, &choice.weights, at: token * config.used)
        }
        return choice
    }
}

/// The experts of the tokens of a pass, and their weights.
struct ExpertChoice {
    var used: Int
    var experts: Int
    /// [tokens · used]
    var chosen: [Int32]
    /// [tokens · used]
    var weights: [Float]

    init(tokens: Int, used: Int, experts: Int) {
        (self.used, self.experts) = (used, experts)
        chosen = [Int32](repeating: 0, count: tokens * used)
        weights = [Float](repeating: 0, count: tokens * used)
    }

    /// Replaces experts by those of their groups, which have the weights of the first experts. (Wu et al. 2025,
    /// "GroveMoE")
    ///
    /// - Parameter all: the weights of all experts. [tokens][experts]
    mutating func replace(
        byGroupsOf size: Int, weights all: UnsafePointer<Float>, _ router: Router
    ) {
        let tokens = chosen.count / used
        let kept = min(used, experts / size)
        var groups = ExpertChoice(tokens: tokens, used: kept, experts: experts / size)
        for token in 0..<tokens {
            for rank in 0..<kept {
                let group = chosen[token * used + rank] / Int32(size)
                groups.chosen[token * kept + rank] = group
                groups.weights[token * kept + rank] = all[token * experts + Int(group)]
            }
            router.weigh(&groups.weights, token * kept..<(token + 1) * kept)
        }
        self = groups
    }
}

/// The matrices of all experts.
struct ExpertNetwork {
    let gate: GateFunction
    /// [F × E] per expert; nil if `up` has the rows of both.
    let gates: ExpertStack?
    let ups: ExpertStack  // [F × E] or [2F × E]
    let downs: ExpertStack  // [E × F]

    var stacks: [ExpertStack] { [gates, ups, downs].compactMap { $0 } }

    /// out = Σ weight · expert(x)
    ///
    /// - Parameters:
    ///   - x: [tokens][E]
    ///   - inputSize: E
    ///   - out: [tokens][E]
    func run(
        _ x: FloatBuffer, size inputSize: Int, _ choice: ExpertChoice, weightsInputs: Bool, into out: FloatBuffer,
        _ work: Workspace
    ) throws(EngineError) {
        let rows = ExpertRows(chosen: choice.chosen, used: choice.used, experts: choice.experts)
        let size = Int(downs.matrix.cols)
        var input = UnsafePointer(x.base)
        if weightsInputs { input = weigh(x, rows, choice, work) }
        let (handle, gated) = (work.compute.handle, work[.expertGate])
        var stride = size
        if let gates {
            try work.project(
                input, stride: inputSize, rows, isGrouped: weightsInputs,
                [(gates, gated, size), (ups, work[.expertUp], size)])
            sotto_gated(
                handle, gate.activation, gated.base, work[.expertUp].base, gated.base, Int64(rows.count), Int64(size),
                Int64(size))
        } else {
            stride = ups.rows
            try work.project(
                input, stride: inputSize, rows, isGrouped: weightsInputs, [(ups, gated, stride)])
            let up = gate.isGated ? gated.base + size : nil
            sotto_gated(
                handle, gate.activation, gated.base, up, gated.base, Int64(rows.count), Int64(size), Int64(stride))
        }
        let outputs = work[.expertOutput]
        try work.project(
            gated.base, stride: stride, rows, isGrouped: true, [(downs, outputs, inputSize)])
        let weights = weightsInputs ? choice.weights.map { _ in 1 } : choice.weights
        sotto_combine(
            handle, outputs.base, Int64(inputSize), rows.slots, weights, Int64(work.count),
            Int64(choice.used), Int64(inputSize), out.base)
    }

    /// The input of each row, multiplied by the weight of its expert. They are where outputs are written later.
    private func weigh(
        _ x: FloatBuffer, _ rows: ExpertRows, _ choice: ExpertChoice, _ work: Workspace
    ) -> UnsafePointer<Float> {
        let (inputs, size) = (work[.expertOutput].base, work.hiddenSize)
        for (index, slot) in rows.slots.enumerated() {
            let row = inputs + Int(slot) * size
            row.update(from: x.base + index / choice.used * size, count: size)
            sotto_scale(work.compute.handle, choice.weights[index], row, Int64(size))
        }
        return UnsafePointer(inputs)
    }
}

extension LayerConfig {
    /// Bytes of scratch memory that the products with experts need for passes of `tokens` tokens; 0 without experts.
    func expertKernelBytes(
        _ source: any ModelSource, hiddenSize: Int, tokens: Int, instructionSet: InstructionSet
    ) -> Int {
        guard case .experts(let config) = feedForward else { return 0 }
        func bytes(_ role: LayerRole, cols: Int, isGrouped: Bool) -> Int {
            guard let tensor = source.tensor(.layer(tensors, role), .weight),
                let format = sotto_format_find(tensor.type.id)
            else { return 0 }
            var projection = sotto_projection()
            projection.weights = sotto_matrix(format: format, data: nil, rows: 1, cols: Int64(cols))
            let rows = tokens * config.used
            return sotto_project_experts_scratch_bytes(
                instructionSet.kernel, [projection, projection], isGrouped ? 1 : 2, Int64(isGrouped ? rows : tokens),
                Int64(rows), Int64(config.experts), !isGrouped)
        }
        return max(
            bytes(
                config.isFused ? .expertGateUp : .expertUp, cols: config.latentSize ?? hiddenSize, isGrouped: false),
            bytes(.expertDown, cols: config.ffnSize, isGrouped: true))
    }
}
