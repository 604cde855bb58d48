import JSON
import Synchronization

/// Finds the parameter that an error complains about, so that the request can be repeated without it. Services word it
/// in many ways:
///
///     {"error": {"code": "unsupported_parameter", "param": "temperature", "message": "Unsupported parameter: …"}}  OpenAI
///     {"error": {"message": "Unrecognized request argument supplied: top_k"}}                                      OpenAI
///     {"error": {"message": "property 'top_k' is unsupported"}}                                                    Groq
///     {"error": {"message": "top_logprobs requires logprobs to be set to true"}}                         llama-server
///     [{"error": {"message": "Invalid JSON payload received. Unknown name \"top_k\": Cannot find field."}}]        Gemini
///     {"detail": [{"type": "extra_forbidden", "loc": ["body", "top_k"], "msg": "…"}]}                              Mistral
enum RefusedParameter {
    /// Fields that a request works without. Others are never left out.
    static let optional: Set<String> = [
        "temperature", "top_p", "max_tokens", "max_completion_tokens", "max_output_tokens", "stop", "seed",
        "random_seed", "presence_penalty", "frequency_penalty", "logit_bias", "logprobs", "top_logprobs",
        "stream_options", "reasoning_effort", "prompt_mode", "reasoning", "reasoning.effort", "reasoning.summary",
        "include", "store", "top_k", "min_p", "typical_p", "top_n_sigma", "xtc_probability", "xtc_threshold",
        "repeat_penalty", "repetition_penalty", "repeat_last_n", "dynatemp_range", "dynatemp_exponent",
        "dry_multiplier", "dry_base", "dry_allowed_length", "dry_penalty_last_n", "dry_sequence_breakers", "mirostat",
        "mirostat_tau", "mirostat_eta", "return_progress", "chat_template_kwargs", "reasoning_budget_tokens",
    ]

    private static let codes: Set<String> = [
        "unsupported_parameter", "unsupported_value", "unknown_parameter", "extra_forbidden",
    ]
    private static let phrases = [
        "unsupported", "not support", "unrecognized", "unknown name", "unknown parameter", "not permitted",
        "not allowed", "not enabled", "must be verified", "cannot find field", "requires logprobs",
    ]

    static func name(in answer: JSONValue) -> String? {
        let answer = answer.array?.first ?? answer
        let error = answer.object?["error"] ?? answer
        if let name = forbidden(in: error, depth: 0) { return name }
        let fields = error.object
        let message = FailureReading.message(in: error) ?? ""
        let isRefusal = codes.contains(fields?["code"]?.string ?? "") || says(phrases, message)
        guard isRefusal else { return nil }
        if let name = fields?["param"]?.string.flatMap(known) { return name }
        return words(message).lazy.compactMap(known).first
    }

    /// The place of an "extra_forbidden" of Pydantic, at any depth of the error.
    private static func forbidden(in value: JSONValue, depth: Int) -> String? {
        guard depth < 5 else { return nil }
        if let items = value.array { return items.lazy.compactMap { forbidden(in: $0, depth: depth + 1) }.first }
        guard let fields = value.object else { return nil }
        if fields["type"]?.string == "extra_forbidden", let place = fields["loc"]?.array {
            return place.last?.string.flatMap(known)
        }
        return ["detail", "message"].lazy.compactMap { name in
            fields[name].flatMap { forbidden(in: $0, depth: depth + 1) }
        }.first
    }

    /// The name of a field, without an index: "include[0]".
    private static func known(_ text: String) -> String? {
        let name = String(text.prefix { $0 != "[" })
        return optional.contains(name) ? name : nil
    }

    private static func says(_ phrases: [String], _ message: String) -> Bool {
        let message = message.lowercased()
        return phrases.contains { message.contains($0) }
    }

    private static func words(_ message: String) -> [String] {
        message.prefix(2000).split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".")) }
            .map { $0.last == "." ? String($0.dropLast()) : String($0) }
    }
}

/// What models have refused so far, so that it is not tried again with every message.
final class RefusalMemory: Sendable {
    private let refused = Mutex<[String: Set<String>]>([:])

    /// What to leave out for a model: what it refused a moment ago, and before.
    func known(for model: String, adding latest: Set<String>) -> Set<String> {
        refused.withLock { refused in
            guard !latest.isEmpty else { return refused[model] ?? [] }
            return refused[model, default: []].unionInPlace(latest)
        }
    }
}

extension Set {
    fileprivate mutating func unionInPlace(_ other: Set) -> Set {
        formUnion(other)
        return self
    }
}
