import Chat
import GGUF
import Inference

/// What lists show about a model: the facts in its file's header, and those that its store keeps with it.
enum ModelFacts {
    /// A model as lists show it, whether it can be used or not.
    static func describe(_ found: FoundModel) -> ModelInfo {
        var info = describe(found.path, name: found.name)
        info.store = found.store
        guard let layers = found.layers else { return info }
        let (defaults, notes) = layers.defaults()
        info.defaults = defaults
        if layers.hasTemplate { info.notes.append(templateNote(info)) }
        info.notes += notes
        if info.license == nil { info.license = layers.licenseTexts().first.flatMap(LicenseName.init)?.text }
        info.adapter = layers.adapter
        if layers.hasAdapter, layers.adapter == nil, info.problem == nil {
            info.problem = "Its LoRA adapter is missing in Ollama's store"
        }
        return info
    }

    private static func templateNote(_ info: ModelInfo) -> String {
        info.hasTemplate == true
            ? "Ollama's template is not used; the model's own chat template is"
            : "Ollama's template is not used; the model has no chat template, so turns begin with \"User:\" and "
                + "\"Assistant:\""
    }

    /// The facts in a file's header.
    static func describe(_ path: String, name: String) -> ModelInfo {
        var info = ModelInfo(reference: ModelReference(provider: ModelReference.localProvider, name: name), path: path)
        do throws(GGUFError) {
            let file = try GGUFFile(path: path)
            info.fileBytes = file.byteCount
            info.format = FormatNames.label(file)
            info.parameters = file.tensors.reduce(0) { $0 &+ $1.elementCount }
            let architecture = try file.metadata.requireString("general.architecture")
            info.architecture = architecture
            info.activeParameters = activeParameters(file, architecture)
            let template = file.metadata["tokenizer.chat_template"]?.string
            info.hasTemplate = template != nil
            info.hasThinkingSwitch = template.map(ThinkingSwitch.isKnown)
            let license = licenseLines(file.metadata)
            info.license = license.isEmpty ? nil : license.joined(separator: ", ")
            info.contextLength = file.metadata["\(architecture).context_length"]?.int
            if file.tensors.isEmpty {
                info.problem = "This file has a vocabulary but no weights"
            } else {
                let check = ModelCheck(file)
                info.problem = check.problem
                info.notes = check.warnings.map(\.description)
                info.memory = memory(file)
            }
        } catch {
            // Without the path, which lists show separately.
            info.problem = error.reason
        }
        return info
    }

    // MARK: License

    /// What the file says about its license, else the texts that its store keeps with it; nil if there are none.
    static func licenseText(_ found: FoundModel) throws(GGUFError) -> String? {
        let lines = licenseLines(try GGUFFile(path: found.path).metadata)
        let texts = lines.isEmpty ? found.layers?.licenseTexts() ?? [] : [lines.joined(separator: "\n")]
        return texts.isEmpty ? nil : texts.joined(separator: "\n\n")
    }

    /// What the file says about its license, one line per field.
    private static func licenseLines(_ metadata: GGUFMetadata) -> [String] {
        ["general.license", "general.license.name", "general.license.link"].compactMap { metadata[$0]?.string }
    }

    // MARK: Sizes

    /// The parameters that a token uses in a mixture of experts: all but those of the experts that are not chosen for it.
    /// nil for other models.
    private static func activeParameters(_ file: GGUFFile, _ architecture: String) -> Int? {
        guard let experts = file.metadata["\(architecture).expert_count"]?.int,
            let used = file.metadata["\(architecture).expert_used_count"]?.int, used > 0, used < experts
        else { return nil }
        let tensors = file.tensors.filter { isOfExperts($0, count: experts) }
        guard !tensors.isEmpty else { return nil }
        let all = file.tensors.reduce(0) { $0 &+ $1.elementCount }
        let ofExperts = tensors.reduce(0) { $0 &+ $1.elementCount }
        return all &- ofExperts &+ ofExperts / experts * used
    }

    /// Whether a tensor has the weights of all experts, or of a single one in older files ("blk.0.ffn_up.3.weight").
    private static func isOfExperts(_ tensor: TensorInfo, count: Int) -> Bool {
        guard tensor.name.hasPrefix("blk."), tensor.name.contains(".ffn_") else { return false }
        if tensor.name.contains("_exps.") { return tensor.dimensions.last == count }
        return tensor.name.contains(/\.ffn_(gate|up|down)\.\d+\.weight$/)
    }

    /// The memory that the model needs with its default context size, even if the computer has less.
    private static func memory(_ file: GGUFFile) -> ModelInfo.MemoryNeed? {
        do throws(EngineError) {
            guard let plan = try MemoryPlan(file: file) else { return nil }
            return .init(
                byteCount: plan.byteCount, contextLength: plan.contextLength, available: Machine.memory)
        } catch .notEnoughMemory(let needed, let available, _) {
            return .init(byteCount: needed, contextLength: 0, available: available)
        } catch {
            return nil
        }
    }
}

/// A short name for the text of a license.
struct LicenseName {
    let text: String

    /// In characters, of a first line that serves as the name.
    private static let limit = 80

    /// nil for a text without a visible character.
    init?(_ license: String) {
        let lines = license.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
        guard let first = lines.first else { return nil }
        let start = lines.prefix(4).joined(separator: " ").lowercased()
        if start.contains("apache license") && start.contains("version 2.0") {
            text = "Apache-2.0"
        } else if start.contains("mit license") {
            text = "MIT"
        } else {
            text = String(first.prefix(Self.limit))
        }
    }
}
