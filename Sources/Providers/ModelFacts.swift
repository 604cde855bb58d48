import Chat
import Files
import GGUF
import Inference

/// What lists show about a model: the facts in its file's header, and those that its store keeps with it.
enum ModelFacts {
    /// A model as lists show it, whether it can be used or not.
    static func describe(_ found: FoundModel) -> ModelInfo {
        var info = describe(found.path, name: found.name)
        info.store = found.store
        if let adapter = found.adapter {
            info.adapter = adapter
            if adapter == found.path { info.problem = missingBase(of: adapter) }
        }
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

    private static func missingBase(of adapter: String) -> String {
        guard let base = AdapterFolder.base(of: adapter)?.withoutControls.prefix(100) else {
            return "This is a LoRA adapter that does not name its model"
        }
        return "This is a LoRA adapter for \(base), which is not on this computer. Fetch it with: sotto pull hf:\(base)"
    }

    private static func templateNote(_ info: ModelInfo) -> String {
        info.hasTemplate == true
            ? "Ollama's template is not used; the model's own chat template is"
            : "Ollama's template is not used; the model has no chat template, so turns begin with \"User:\" and "
                + "\"Assistant:\""
    }

    /// What a model's source says, without reading weights.
    static func describe(_ path: String, name: String) -> ModelInfo {
        var info = ModelInfo(reference: ModelReference(provider: ModelReference.localProvider, name: name), path: path)
        do throws(ModelError) {
            let source = try OpenedSource.open(path)
            info.fileBytes = source.byteCount
            // A store may keep the file under another name than the model's ("hf.co/OWNER/NAME:UD-Q4_K_XL" in Ollama's).
            info.format = FormatLabel.makersMix(in: name) ?? source.formatName
            let use = source.weightUse
            info.parameters = use.parameters
            info.activeParameters = use.activeParameters < use.parameters ? use.activeParameters : nil
            info.activeBytes = use.activeBytes
            info.architecture = source.architecture
            info.hasTemplate = source.chatTemplate != nil
            info.hasThinkingSwitch = source.chatTemplate.map(ThinkingSwitch.isKnown)
            info.license = source.license.isEmpty ? nil : source.license.joined(separator: ", ")
            info.contextLength = source.trainedContext
            if source.otherPurpose == nil { _ = try source.requireArchitecture() }
            let check = ModelCheck(source)
            info.problem = check.problem
            info.notes = check.warnings.map(\.description)
            info.memory = memory(source)
        } catch {
            // Without the path, which lists show separately.
            info.problem = error.reason
        }
        return info
    }

    // MARK: License

    /// What the file says about its license, else the texts that its store keeps with it; nil if there are none.
    static func licenseText(_ found: FoundModel) throws(ModelError) -> String? {
        let lines = try OpenedSource.open(found.path).license
        let texts = lines.isEmpty ? found.layers?.licenseTexts() ?? [] : [lines.joined(separator: "\n")]
        return texts.isEmpty ? nil : texts.joined(separator: "\n\n")
    }

    // MARK: Sizes

    /// The memory that the model needs with its default context size, even if the computer has less.
    private static func memory(_ source: any StoredModel) -> ModelInfo.MemoryNeed? {
        do throws(EngineError) {
            guard let plan = try MemoryPlan(source: source) else { return nil }
            let (resident, memory) = (plan.byteCount - plan.mappedBytes, Machine.memory)
            var need = ModelInfo.MemoryNeed(
                byteCount: plan.byteCount, contextLength: plan.contextLength, available: memory,
                residentBytes: resident)
            if plan.mappedBytes > 0, let paging = WeightPaging(source.weightUse, resident: resident, memory: memory) {
                need.missingBytes = paging.missingBytes
                need.diskBytesPerToken = paging.diskBytesPerToken
            }
            return need
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
