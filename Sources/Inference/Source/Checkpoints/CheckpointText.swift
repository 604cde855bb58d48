import JSON
import Tokenizers

/// How a folder of Hugging Face's libraries turns text into tokens and conversations into text. Exports have the same files.
struct CheckpointText: Sendable {
    /// Read when the folder is opened: lists ask for it several times.
    let chatTemplate: String?
    private let folder: CheckpointFolder
    /// What the model's configuration says about tokens that end a reply.
    private let ends: [Int32]

    /// - Parameter ends: the value of `eos_token_id` in the model's configuration: a token or a list.
    init(_ folder: CheckpointFolder, ends: JSONValue?) {
        self.folder = folder
        self.ends = Self.tokens(ends)
        chatTemplate = Self.template(in: folder)
    }

    func tokenizerDescription() throws -> TokenizerDescription? {
        guard let bytes = try folder.list("tokenizer.json") else { return nil }
        let settings = try folder.object("tokenizer_config.json")
        var description = try TokenizerDescription(tokenizerJSON: bytes, configuration: settings)
        let listed = try folder.object("generation_config.json")?["eos_token_id"]
        let ends = listed.map { Self.tokens($0) } ?? ends
        if description.special.eos == nil { description.special.eos = ends.first }
        description.special.fillInTheMiddleEnds += ends
        return description
    }

    func tokenizerWarnings() throws -> [TokenizerWarning] {
        guard folder.has("tokenizer.json") else { throw VocabularyProblem.none }
        return []
    }

    /// What the README says about the license, one line per field.
    var license: [String] { ((try? folder.text("README.md")) ?? nil).map(ModelCard.license) ?? [] }

    private static func tokens(_ value: JSONValue?) -> [Int32] {
        (value?.array ?? value.map { [$0] } ?? []).compactMap { $0.integer.flatMap(Int32.init(exactly:)) }
    }

    // MARK: Template

    /// The chat template: a file of its own, or inside of another one, as a text or as a list of named ones.
    private static func template(in folder: CheckpointFolder) -> String? {
        if let text = try? folder.text("chat_template.jinja") { return text }
        let other = (try? folder.object("chat_template.json"))?["chat_template"]
        return template((try? folder.object("tokenizer_config.json"))?["chat_template"] ?? other)
    }

    private static func template(_ value: JSONValue?) -> String? {
        if let text = value?.string { return text }
        let named = value?.array?.compactMap(\.object) ?? []
        let chosen = named.first { $0["name"]?.string == "default" } ?? named.first
        return chosen?["template"]?.string
    }
}
