import Chat
import JSON
import Replies

/// Builds the body of a request to the Responses API, which keeps nothing at OpenAI.
///
/// platform.openai.com/docs/api-reference/responses/create
struct ResponsesRequest {
    /// The least value of `max_output_tokens` that is accepted.
    private static let leastLimit = 16

    private let settings: GenerationSettings
    private let model: OpenAIModel
    private var body: RequestBody

    init(
        _ request: ReplyRequest, _ settings: GenerationSettings, provider: String, without refused: Set<String>
    ) throws(ServiceError) {
        self.settings = settings
        model = OpenAIModel(request.model.name)
        body = RequestBody(without: refused)
        body.set("model", .string(model.name))
        body.set("stream", .bool(true))
        body.set("store", .bool(false))
        if let system = request.system, !system.isEmpty { body.set("instructions", .string(system)) }
        body.set("input", .array(Self.input(try Turn.list(request, provider: provider))))
        body.set("max_output_tokens", .integer(max(Self.leastLimit, settings.maxTokens)))
        if model.reasons { setReasoning() } else { setSampling() }
    }

    var call: ServiceCall { ServiceCall(path: "/responses", body: body.json, framing: .events) }

    /// Each reply's reasoning comes before its text, as it was written.
    private static func input(_ turns: [Turn]) -> [JSONValue] {
        turns.flatMap { turn -> [JSONValue] in
            // OpenAI can do without the type, other servers with this interface cannot.
            let message: JSONObject = [
                "type": .string("message"), "role": .string(turn.role.rawValue), "content": .string(turn.text),
            ]
            let reasoning = turn.state.flatMap { try? JSONReader.read($0) }?.array ?? []
            return reasoning + [.object(message)]
        }
    }

    /// Without storage, OpenAI's encrypted form of the reasoning is what later requests can send back.
    private mutating func setReasoning() {
        var fields: JSONObject = [:]
        if !body.isRefused("reasoning.summary") { fields["summary"] = .string("auto") }
        if let effort = model.effort(settings.thinking), !body.isRefused("reasoning.effort") {
            fields["effort"] = .string(effort)
        }
        if !fields.isEmpty { body.set("reasoning", .object(fields)) }
        body.set("include", .array([.string("reasoning.encrypted_content")]))
    }

    private mutating func setSampling() {
        body.set("temperature", .real(settings.sampling.temperature))
        if settings.sampling.topP < 1 { body.set("top_p", .real(settings.sampling.topP)) }
        guard !body.isRefused("include"), !body.isRefused("top_logprobs") else { return }
        body.set("include", .array([.string("message.output_text.logprobs")]))
        body.set("top_logprobs", .integer(TokenLogprobs.alternatives))
    }
}
