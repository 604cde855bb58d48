import Chat
import JSON

extension OllamaLayers {
    /// The system prompt and the parameters, and what the user should know about those that cannot be used.
    func defaults() -> (defaults: ModelDefaults?, notes: [String]) {
        var defaults = ModelDefaults()
        var notes: [String] = []
        do throws(ModelFileError) {
            let text = try system.map { path throws(ModelFileError) in try Self.text(path) } ?? ""
            if !text.allSatisfy(\.isWhitespace) { defaults.system = text }
        } catch {
            notes.append("Its system prompt is not used: \(error)")
        }
        do throws(ModelFileError) {
            guard let parameters else { return (defaults.isEmpty ? nil : defaults, notes) }
            notes += OllamaParameters(try Self.text(parameters)).apply(to: &defaults)
        } catch {
            notes.append("Its parameters are not used: \(error)")
        }
        return (defaults.isEmpty ? nil : defaults, notes)
    }
}

extension ModelDefaults {
    fileprivate var isEmpty: Bool { self == ModelDefaults() }
}

/// A layer with parameters: a JSON object by Ollama's names, such as {"temperature": 0.6, "stop": ["<|eot_id|>"]}.
struct OllamaParameters {
    private let fields: JSONObject?

    init(_ text: String) { fields = (try? JSONReader.read(text))?.object }

    /// Ollama's names of the parameters that have a setting here; `SettingTable` knows all of them. The others are about
    /// Ollama's own way of running models.
    private static let names = [
        "temperature", "top_k", "top_p", "min_p", "typical_p", "repeat_penalty", "repeat_last_n", "presence_penalty",
        "frequency_penalty", "mirostat", "mirostat_tau", "mirostat_eta", "seed", "num_predict", "num_ctx",
    ]
    /// In bytes, of one stop string.
    private static let stopLimit = 1_000

    /// Adds the parameters to a model's defaults.
    ///
    /// - Returns: what cannot be used, one line each.
    func apply(to defaults: inout ModelDefaults) -> [String] {
        guard let fields else { return ["Its parameters are not used: they are not a JSON object"] }
        var notes: [String] = []
        for name in Self.names {
            // A negative number of tokens means "as many as there is room for" to Ollama.
            guard let value = fields[name], !(name == "num_predict" && (value.double ?? 0) < 0) else { continue }
            do throws(SettingError) {
                let row = try SettingTable.row(named: name)
                defaults.settings[row.name] = try row.parse(Self.text(value))
            } catch {
                notes.append("Its parameter \(name) is not used: \(error)")
            }
        }
        defaults.stop = Self.stop(fields["stop"])
        return notes
    }

    /// A number as users type it, whole numbers without a fraction. Anything else becomes text that no setting accepts.
    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .number(let text): value.double.flatMap(Int.init(exactly:)).map(String.init) ?? text
        case .string(let text) where Double(text)?.isFinite == true: text
        default: JSONWriter.compact(value)
        }
    }

    private static func stop(_ value: JSONValue?) -> [String] {
        let strings = value?.array?.compactMap(\.string) ?? [value?.string].compactMap(\.self)
        let usable = strings.filter { !$0.isEmpty && $0.utf8.count <= stopLimit }
        return Array(usable.prefix(SettingValue.listLimit))
    }
}
