import Chat
import Foundation

/// What `sotto models` reports about a model.
struct ModelReport: Encodable {
    let name: String
    let provider: String
    let path: String?
    let architecture: String?
    let format: String?
    let parameters: Int?
    let bytes: Int?
    let contextLength: Int?
    let memory: Memory?
    let hasTemplate: Bool?
    let hasThinkingSwitch: Bool?
    let license: String?
    /// Measured on this computer; nil if not measured yet.
    let tokensPerSecond: Double?
    let price: Price?
    let problem: String?

    /// US dollars per million tokens.
    struct Price: Encodable {
        let input: Double
        let cachedInput: Double?
        let output: Double
        let date: String
        let source: String
    }

    /// Memory needed with a context of a given length.
    struct Memory: Encodable {
        let bytes: Int
        /// In tokens; 0 if no context would fit.
        let contextLength: Int
        let available: Int
    }

    init(_ model: ModelInfo, _ speeds: ModelSpeeds) {
        name = model.reference.name
        provider = model.reference.provider
        path = model.path
        architecture = model.architecture
        format = model.format
        parameters = model.parameters
        bytes = model.fileBytes
        contextLength = model.contextLength
        memory = model.memory.map {
            Memory(bytes: $0.byteCount, contextLength: $0.contextLength, available: $0.available)
        }
        hasTemplate = model.hasTemplate
        hasThinkingSwitch = model.hasThinkingSwitch
        license = model.license
        tokensPerSecond = speeds[model.reference]
        price = model.price.map {
            Price(
                input: $0.input, cachedInput: $0.cachedInput, output: $0.output, date: $0.date, source: $0.source)
        }
        problem = model.problem
    }

    /// The same as labels and values, for reading.
    var rows: [[String]] {
        let facts: [(label: String, text: String?)] = [
            ("name", name), ("cannot be used", problem), ("architecture", architecture), ("format", format),
            ("parameters", parameters.map(String.init)), ("file", bytes.map(Self.size)),
            ("trained context", contextLength.map { "\($0) tokens" }), ("memory", memory.map(Self.text)),
            ("chat template", hasTemplate.map { $0 ? "yes" : "no (base model)" }),
            (
                "thinking",
                hasThinkingSwitch.map { $0 ? "can be turned on and off" : "no on/off switch in the template" }
            ),
            ("license", license),
            (
                "speed on this machine",
                problem == nil && path != nil ? tokensPerSecond.map(Self.rate) ?? "not measured yet" : nil
            ),
            ("price", price.map { "\(Self.dollars($0.input)) in, \(Self.dollars($0.output)) out per million tokens" }),
            ("price of", price.map { "\($0.date), \($0.source)" }),
            ("path", path),
        ]
        return facts.compactMap { fact in fact.text.map { [fact.label, $0] } }
    }

    /// Input and output, per million tokens.
    static func price(_ price: Chat.Price) -> String { "\(dollars(price.input))/\(dollars(price.output))" }

    private static func dollars(_ value: Double) -> String {
        "$" + String(format: value < 0.1 ? "%.3f" : "%.2f", value)
    }

    static func size(_ bytes: Int) -> String { String(format: "%.1f MB", Double(bytes) / 1e6) }

    private static func rate(_ tokensPerSecond: Double) -> String { String(format: "%.1f tokens/s", tokensPerSecond) }

    private static func text(_ memory: Memory) -> String {
        let context = memory.contextLength > 0 ? " for \(memory.contextLength) tokens" : ""
        let need = "\(size(memory.bytes))\(context)"
        return memory.bytes <= memory.available ? need : "needs \(need), only \(size(memory.available)) available"
    }
}
