import Chat
import ChatApp
import Foundation

/// What `sotto models` reports about a model.
struct ModelReport: Encodable {
    let name: String
    let provider: String
    let path: String?
    /// Where the file was found.
    let store: ModelStore?
    let architecture: String?
    let format: String?
    let parameters: Int?
    /// Parameters that a token uses, if they are fewer than all.
    let activeParameters: Int?
    let bytes: Int?
    let contextLength: Int?
    let memory: Memory?
    let hasTemplate: Bool?
    let hasThinkingSwitch: Bool?
    let license: String?
    /// Measured on this computer; nil if not measured yet.
    let tokensPerSecond: Double?
    /// From the speeds of other models; nil if none has been measured, or if this one has.
    let predictedTokensPerSecond: Double?
    let price: Price?
    /// What the user should know about it, one line each.
    let notes: [String]
    /// That weights do not fit into memory, and how slow that makes it.
    private let paging: String?
    let problem: String?
    /// What its store keeps for conversations with it.
    private let defaults: Defaults?

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
        /// Weights in use that do not fit, and what is then read from the disk for a token; 0 if all fit.
        let missingBytes: Int
        let diskBytesPerToken: Int
        /// Whether the model cannot run at all.
        let isTooLarge: Bool

        /// For lists, after the number.
        var remark: String { isTooLarge ? " (too much)" : missingBytes > 0 ? " (partly from disk)" : "" }
    }

    private struct Defaults: Encodable {
        let system: String?
        /// As users type them.
        let settings: [String: String]
        let stop: [String]
    }

    init(_ model: ModelInfo, _ speeds: ModelSpeeds, _ prediction: SpeedPrediction) {
        name = model.reference.name
        provider = model.reference.provider
        path = model.path
        store = model.store
        architecture = model.architecture
        format = model.format
        parameters = model.parameters
        activeParameters = model.activeParameters
        bytes = model.fileBytes
        contextLength = model.contextLength
        memory = model.memory.map {
            Memory(
                bytes: $0.byteCount, contextLength: $0.contextLength, available: $0.available,
                missingBytes: $0.missingBytes, diskBytesPerToken: $0.diskBytesPerToken, isTooLarge: $0.isTooLarge)
        }
        hasTemplate = model.hasTemplate
        hasThinkingSwitch = model.hasThinkingSwitch
        license = model.license
        tokensPerSecond = speeds[model.reference]
        predictedTokensPerSecond =
            tokensPerSecond == nil && model.problem == nil ? prediction.tokensPerSecond(of: model) : nil
        price = model.price.map {
            Price(
                input: $0.input, cachedInput: $0.cachedInput, output: $0.output, date: $0.date, source: $0.source)
        }
        notes = model.notes
        paging = prediction.pagingText(of: model)
        problem = model.problem
        defaults = model.defaults.map {
            Defaults(system: $0.system, settings: $0.settings.mapValues(\.description), stop: $0.stop)
        }
    }

    // MARK: The list

    static let heading = [
        "NAME", "ARCHITECTURE", "FORMAT", "SIZE", "PARAMETERS", "MEMORY", "SPEED", "CONTEXT", "SOURCE", "PRICE", "",
    ]

    /// - Parameter name: as the user types it.
    func columns(name: String) -> [String] {
        [
            name, architecture ?? "", format ?? "", bytes.map(ByteText.size) ?? "",
            parameters.map { ModelText.parameters($0, active: activeParameters) } ?? "",
            memory.map { ByteText.size($0.bytes) + $0.remark } ?? "",
            ModelText.speed(measured: tokensPerSecond, predicted: predictedTokensPerSecond) ?? "",
            contextLength.map(String.init) ?? "",
            store?.title ?? (provider == ModelReference.localProvider ? "" : provider),
            price.map { "\(CostText.dollars($0.input))/\(CostText.dollars($0.output))" } ?? "",
            problem.map { "cannot be used: \($0)" } ?? "",
        ]
    }

    // MARK: One model

    /// The same as labels and values, for reading.
    var rows: [[String]] { (facts + offers + origin).compactMap { fact in fact.text.map { [fact.label, $0] } } }

    private typealias Fact = (label: String, text: String?)

    private var facts: [Fact] {
        [
            ("name", name), ("cannot be used", problem), ("architecture", architecture), ("format", format),
            ("parameters", parameters.map { ModelText.parameters($0, active: activeParameters) }),
            ("file", bytes.map(ByteText.size)), ("trained context", contextLength.map { "\($0) tokens" }),
            ("memory", memory.map(Self.text)), ("from disk", paging),
            ("chat template", hasTemplate.map { $0 ? "yes" : "no (base model)" }),
            (
                "thinking",
                hasThinkingSwitch.map { $0 ? "can be turned on and off" : "no on/off switch in the template" }
            ),
            ("license", license), ("speed on this machine", speed),
        ]
    }

    private var speed: String? {
        guard problem == nil, path != nil else { return nil }
        if let tokensPerSecond { return Self.rate(tokensPerSecond) }
        return "not measured yet" + (predictedTokensPerSecond.map { ", probably about \(Self.rate($0))" } ?? "")
    }

    private var offers: [Fact] {
        [
            (
                "price",
                price.map {
                    "\(CostText.dollars($0.input)) in, \(CostText.dollars($0.output)) out per million tokens"
                }
            ),
            ("price of", price.map { "\($0.date), \($0.source)" }),
        ]
    }

    private var origin: [Fact] {
        let settings = defaults?.settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" } ?? []
        let facts: [Fact] = [
            ("source", store?.title), ("path", path),
            ("its settings", settings.isEmpty ? nil : settings.joined(separator: ", ")),
            (
                "its stop texts",
                defaults.flatMap { $0.stop.isEmpty ? nil : SettingValue.strings($0.stop).description }
            ),
            ("its system prompt", defaults?.system),
        ]
        return facts + notes.map { ("note", $0) }
    }

    private static func rate(_ tokensPerSecond: Double) -> String { String(format: "%.1f tokens/s", tokensPerSecond) }

    private static func text(_ memory: Memory) -> String {
        let context = memory.contextLength > 0 ? " for \(memory.contextLength) tokens" : ""
        let need = "\(ByteText.size(memory.bytes))\(context)"
        return !memory.isTooLarge
            ? need : "needs \(need), only \(ByteText.size(memory.available)) available"
    }
}

extension ModelStore: Encodable {}
