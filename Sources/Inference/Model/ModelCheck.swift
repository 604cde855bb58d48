import CKernels
import GGUF
import Jinja
import Tokenizers

/// What a file's header says about its use as a model, found without reading weights or building the vocabulary: lists
/// check many files.
public struct ModelCheck: Sendable {
    /// Why the file cannot be used, in one sentence; nil if nothing in the header forbids it.
    public private(set) var problem: String?
    public private(set) var warnings: [ModelWarning] = []

    /// - Parameter file: a file with tensors.
    public init(_ file: GGUFFile) {
        do {
            let name = try file.metadata.requireString("general.architecture")
            guard let spec = Architectures.find(name) else { throw ModelError.unsupportedArchitecture(name) }
            _ = try ModelConfig(spec, file.metadata)
            for tensor in file.tensors where sotto_format_find(tensor.type.id) == nil {
                throw ModelError.unsupportedFormat(tensor: tensor.name, format: tensor.type.name)
            }
            warnings = try Self.tokenizerWarnings(file)
        } catch let error as GGUFError {
            problem = error.reason
        } catch let error as TokenizerError {
            problem = "\(EngineError.noTokenizer(reason: "\(error)"))"
        } catch {
            problem = "\(error)"
        }
        if let warning = templateWarning(file) { warnings.append(warning) }
    }

    private static func tokenizerWarnings(_ file: GGUFFile) throws -> [ModelWarning] {
        guard let header = try TokenizerDescription.Header(file.metadata) else {
            throw EngineError.noTokenizer(reason: "it has no vocabulary")
        }
        return header.warnings.map(ModelWarning.tokenizer)
    }

    /// Only a template that cannot be used needs the vocabulary.
    private func templateWarning(_ file: GGUFFile) -> ModelWarning? {
        guard let own = file.metadata["tokenizer.chat_template"]?.string else { return nil }
        let choice = try? TemplateChoice(given: nil, own: own, bos: "", eos: "") {
            (try? TokenizerDescription(file))??.vocabulary
        }
        return choice?.warning
    }
}
