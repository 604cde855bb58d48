import Sampling

/// All settings, one row each. `/set`, the sampling panel, completion, command line options and session files use this
/// table.
public enum SettingTable {
    public static let rows: [SettingRow] = [
        .number(
            "temperature", \.sampling.temperature, 0...5, step: 0.05, aliases: ["temp"], group: .sampling,
            "randomness; 0 always picks the most likely token"),
        .number(
            "dynatemp_range", json: "dynamicTemperatureRange", \.sampling.dynamicTemperatureRange, 0...5,
            step: 0.05, off: 0, group: .sampling, "how far the temperature moves with the model's uncertainty"),
        .number(
            "dynatemp_exponent", json: "dynamicTemperatureExponent", \.sampling.dynamicTemperatureExponent, 0...10,
            step: 0.1, aliases: ["dynatemp_exp"], needs: "dynatemp_range", group: .sampling,
            "how steeply the temperature follows the uncertainty"),
        .seed(
            "seed", \.sampling.seed, group: .sampling,
            "random seed, for reproducible replies"),
        .biases(
            "logit_bias", \.sampling.logitBias, group: .sampling,
            "boosts or bans individual tokens, by id"),

        .integer(
            "top_k", \.sampling.topK, 0...1_000_000, step: 5, off: 0, group: .filters,
            "keeps the k most likely tokens"),
        .number(
            "top_p", \.sampling.topP, 0...1, step: 0.01, off: 1, aliases: ["nucleus"], group: .filters,
            "keeps the most likely tokens that add up to this probability"),
        .number(
            "min_p", \.sampling.minP, 0...1, step: 0.01, off: 0, group: .filters,
            "drops tokens less likely than this fraction of the most likely one"),
        .number(
            "typical_p", \.sampling.typicalP, 0...1, step: 0.01, off: 1, aliases: ["typical", "typ_p"],
            group: .filters, "keeps tokens of near-average surprise"),
        .number(
            "top_n_sigma", \.sampling.topNSigma, 0...10, step: 0.1, off: 0, group: .filters,
            "keeps logits within n standard deviations of the largest"),
        .number(
            "xtc_probability", \.sampling.xtcProbability, 0...1, step: 0.05, off: 0, aliases: ["xtc"],
            group: .filters, "how often XTC removes the most obvious tokens"),
        .number(
            "xtc_threshold", \.sampling.xtcThreshold, 0...1, step: 0.01, needs: "xtc_probability", group: .filters,
            "tokens at least this probable count as obvious for XTC"),

        .number(
            "repeat_penalty", \.sampling.repeatPenalty, 0.1...10, step: 0.05, off: 1,
            aliases: ["repetition_penalty"], group: .repetition, "penalises recently used tokens (divides their score)"),
        .integer(
            "repeat_last_n", \.sampling.repeatLastN, -1...1_000_000, step: 16, off: 0, all: "whole context",
            aliases: ["penalty_last_n"], group: .repetition,
            "how many recent tokens the penalties consider"),
        .number(
            "presence_penalty", \.sampling.presencePenalty, -5...5, step: 0.1, off: 0, aliases: ["presence"],
            group: .repetition, "fixed penalty for every token already used"),
        .number(
            "frequency_penalty", \.sampling.frequencyPenalty, -5...5, step: 0.1, off: 0, aliases: ["frequency"],
            group: .repetition, "penalty that grows with each use of a token"),
        .number(
            "dry_multiplier", \.sampling.dryMultiplier, 0...10, step: 0.1, off: 0, aliases: ["dry"],
            group: .repetition, "strength of DRY, which discourages repeated sequences"),
        .number(
            "dry_base", \.sampling.dryBase, 1...10, step: 0.05, needs: "dry_multiplier", group: .repetition,
            "how fast DRY's penalty grows with the length of the repeat"),
        .integer(
            "dry_allowed_length", \.sampling.dryAllowedLength, 0...1000, step: 1, needs: "dry_multiplier",
            group: .repetition, "repeats shorter than this are not penalised"),
        .integer(
            "dry_penalty_last_n", \.sampling.dryPenaltyLastN, -1...1_000_000, step: 64, off: 0,
            all: "whole context", needs: "dry_multiplier", group: .repetition, "how many recent tokens DRY searches"),
        .strings(
            "dry_sequence_breakers", \.sampling.drySequenceBreakers, aliases: ["dry_sequence_breaker"],
            needs: "dry_multiplier", group: .repetition, "strings that reset DRY's repetition search"),

        .integer(
            "mirostat", \.mirostatVersion, 0...2, step: 1, off: 0, group: .mirostat,
            "keeps the text's surprise level constant instead of using top-k/top-p; version 1 or 2"),
        .number(
            "mirostat_tau", \.sampling.mirostatTau, 0...20, step: 0.5, aliases: ["mirostat_ent"],
            needs: "mirostat", group: .mirostat, "target surprise level, in bits"),
        .number(
            "mirostat_eta", \.sampling.mirostatEta, 0...1, step: 0.01, aliases: ["mirostat_lr"],
            needs: "mirostat", group: .mirostat, "how fast Mirostat adapts"),

        .integer(
            "max_tokens", \.maxTokens, 1...1_000_000, step: 128, aliases: ["num_predict", "n_predict"],
            group: .limits, "maximum length of a reply, in tokens"),
        .strings("stop", \.stop, aliases: ["stop_texts"], group: .limits, "strings that end a reply"),
        .choice(
            "think", json: "thinking", \.thinkingName, Thinking.allCases.map(\.rawValue), aliases: ["enable_thinking"],
            group: .limits, "let the model think first, if it supports that"),
        .integer(
            "reasoning_budget", \.reasoningBudget, 0...1_000_000, step: 256, off: 0, offWord: "unlimited",
            aliases: ["thinking_budget", "max_thinking_tokens"], group: .limits,
            "maximum length of the reasoning, in tokens; then the model answers"),
        contextLength,

        .toggle(
            "speculation", \.speculation, aliases: ["speculate"], group: .speed,
            "speculative decoding: faster replies, identical output"),
        .choice(
            "onnx_provider", json: "onnxProvider", \.onnxProviderName, ONNXProvider.allCases.map(\.rawValue),
            group: .speed, isAlwaysWritten: false, "what ONNX Runtime computes with, for ONNX models"),
    ]

    public static let contextLength: SettingRow = .integer(
        "num_ctx", json: "contextLength", \.contextLength, 0...16_777_216, step: 1024, off: 0,
        offWord: "automatic", aliases: ["context", "ctx_size", "n_ctx"], group: .limits,
        "context size in tokens, such as 8k; automatic = as much as model and memory allow")

    /// The row with a name or alias, ignoring case, '-' and '_'.
    public static func row(named name: String) throws(SettingError) -> SettingRow {
        if let row = byName[SettingRow.normalised(name)] { return row }
        let known = rows.flatMap { [$0.command] + $0.aliases }
        throw .unknown(name: name, suggestion: Spelling.nearest(to: name, among: known))
    }

    private static let byName: [String: SettingRow] = {
        var result: [String: SettingRow] = [:]
        for row in rows {
            for name in [row.command, row.name] + row.aliases { result[SettingRow.normalised(name)] = row }
        }
        return result
    }()
}

extension GenerationSettings {
    /// Mirostat's version as a number.
    fileprivate var mirostatVersion: Int {
        get { sampling.mirostat.rawValue }
        set { sampling.mirostat = SamplingSettings.Mirostat(rawValue: newValue) ?? .off }
    }

    fileprivate var onnxProviderName: String {
        get { onnxProvider.rawValue }
        set { onnxProvider = ONNXProvider(rawValue: newValue) ?? .cpu }
    }

    fileprivate var thinkingName: String {
        get { thinking.rawValue }
        set { thinking = Thinking(rawValue: newValue) ?? .auto }
    }
}
