/// The properties of a family of decoder-only transformers.
///
/// Families are data: the engine reads this description and never checks a family's name. Sizes, RoPE bases and windows
/// come from the model's configuration; what its tensors show (biases, fused matrices, gates and sinks of attention, sizes
/// of feed-forward networks, a separate output matrix) is not repeated here. The defaults are those of Qwen 2.
package struct ArchitectureSpec: Sendable {
    /// The value of `general.architecture`, which is also the prefix of the family's metadata keys.
    package var name: String

    // Positions
    /// Which elements of a head are rotated as pairs; nil for families without RoPE.
    package var rope: RoPEPairing? = .halves
    package var ropeLayers = RoPELayers.all
    /// Whether layers with full attention rotate only half of the dimensions that the configuration states (Step 3.5).
    package var halvesRoPEDim = false
    package var defaultYaRNBetaFast = 32.0
    /// Whether YaRN's ramp begins and ends at whole pairs.
    package var roundsYaRNLimits = true
    /// Whether the configuration says how much of YaRN is used (Grok).
    package var readsYaRNMix = false
    /// The axes of positions of models that see, of which text has one.
    package var ropeSections = RoPESections.none
    package var alibi: ALiBi?

    // Norms and residual stream
    package var norm = NormKind.rms
    package var blockNorms = BlockNorms.before
    package var postNormEpsilon: Float?
    /// The epsilon of the norms of latent vectors; nil for that of all norms.
    package var latentNormEpsilon: Float?
    package var residual = ResidualStream.sequential
    package var residualScale: ConfiguredFactor?
    package var embeddingScale = EmbeddingScale.none
    /// Whether embeddings are normalised, without weights, before the first layer.
    package var normalizesEmbeddings = false
    /// Whether layers may lack attention or a feed-forward network (Deci).
    package var hasEmptyLayers = false
    /// Whether a layer is either a mixer or a feed-forward network (Mamba 2, Nemotron-H).
    package var hasSingleBlocks = false
    /// Whether the layers can run several times, one pass after the other (Nanbeige).
    package var repeatsLayers = false
    /// Whether each layer adds the embeddings, times a factor (Talkie).
    package var addsEmbeddings = false

    // Attention
    package var queryKeyNorms = QueryKeyNorms.none
    /// Whether values are RMS-normalised, without weights (Gemma 3n and 4).
    package var normalizesValues = false
    /// Whether query, key and value are limited to ±`attention.clamp_kqv`.
    package var clampsProjections = false
    package var attentionScale = AttentionScale.headDim
    /// The default soft cap of attention scores; nil if the family has none.
    package var attentionSoftCap: Float?
    package var temperature: AttentionTemperature?
    /// The layers that attend only to the latest positions; nil if all layers attend to all positions.
    package var slidingWindow: SlidingWindow?
    /// The function of the gate of attention's output, in layers that have such a gate.
    package var attentionGate = Activation.sigmoid
    /// Whether attention's output is multiplied by `attention.value_scale`.
    package var scalesValues = false
    package var sharedKeyValues: SharedKeyValues?

    /// Whether each query head is followed by its gate, in one matrix (Qwen 3 Next).
    package var hasGateInQuery = false

    // Layers with a state of fixed size
    /// What the layers are that have no attention; nil for families without such layers.
    package var recurrence: Recurrence?
    /// Time steps are limited to these (Nemotron-H).
    package var timeSteps: ClosedRange<Float> = 0...Float.infinity

    // Feed-forward network
    package var activation = Activation.silu
    /// Whether there is a gate matrix, of its own or in one tensor with `up`.
    package var isGated = true
    /// In the first layers, only activations so many standard deviations above the mean are used (Gemma 3n).
    package var activationCutOff: ActivationCutOff?
    package var experts = ExpertsSpec()
    /// Vectors per token and layer that are added after the feed-forward network (Gemma 3n and 4).
    package var perLayerEmbeddings = false
    /// Parallel residual streams that are predicted and corrected around each layer (Gemma 3n).
    package var altUp = false

    // Logits
    package var logitScale: LogitScale?
    /// The default soft cap of logits; nil if the family has none, 0 for off by default.
    package var logitSoftCap: Float?
    /// Whether the output matrix is always the embedding matrix, even if the file has another one.
    package var alwaysTiesEmbeddings = false

    // Parts that files may have, but that the reference implementation uses in some families only
    package var scales: ScaledMatrices = [.projections, .attentionOutput, .output, .mixer]
    /// Whether the scale of a matrix of the feed-forward network multiplies its bias, too, as in GGUF files.
    package var scalesFeedForwardBiases = true
    package var ignoredBiases: BiasedMatrices = []
    /// Whether RoPE frequencies are divided by the model's divisors, if it has them.
    package var usesRoPEFactors = true
}
