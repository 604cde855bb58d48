import Foundation
import GGUF
import JSON
import ONNX
import ONNXRuntime
import Tokenizers

/// A language model that was exported as an ONNX graph, by onnxruntime-genai's builder or by Optimum. ONNX Runtime computes
/// it; this program finds out what the graph's inputs and outputs are for.
package final class ONNXExport: StoredModel {
    package let path: String
    package let file: ONNXFile
    let config: ONNXConfig
    let weights: ONNXWeights
    private let folder: ONNXFolder
    private let text: CheckpointText

    /// - Parameter path: of the folder, or of the graph's file.
    package init(path: String) throws(ModelError) {
        self.path = path
        folder = try ONNXFolder(path)
        do throws(CheckpointError) {
            config = try ONNXConfig(folder)
        } catch {
            throw .checkpoint(error)
        }
        do throws(ONNXError) {
            file = try ONNXFile(path: folder.graph)
        } catch {
            throw .export(.file(error))
        }
        weights = ONNXWeights(file.graph)
        text = CheckpointText(folder.texts, ends: config.ends)
    }

    /// What the inputs and outputs are for. Throws if the graph is no decoder that can be run.
    func interface() throws(ModelError) -> ONNXInterface {
        do throws(ONNXExportError) {
            return try ONNXInterface(file.graph, config, path: folder.graph)
        } catch {
            throw .export(error)
        }
    }

    // MARK: What it is

    package var byteCount: Int { file.byteCount }

    /// The folder's name, and that of the graph if it is one of several.
    package var name: String? {
        let name = folder.texts.path.split(separator: "/").last.map(String.init)
        guard path == folder.graph, let name else { return name }
        return "\(name)/\(ONNXFolder.title(of: path).name)"
    }

    package var architecture: String? { config.family }
    package func requireArchitecture() -> String { config.family }
    package var otherPurpose: OtherPurpose? { OtherPurpose(modelType: config.family) }
    package var formatName: String { "ONNX \(weights.format)" }
    package var trainedContext: Int? { config.contextLength }
    package var license: [String] { text.license }

    package var weightUse: WeightUse {
        let uses = Dictionary(weights.tensors.map { ($0.name, $0.use) }) { first, _ in first }
        return WeightUse(
            weights.tensors.map {
                WeightUse.Tensor(
                    name: $0.name, dimensions: $0.dimensions, elementCount: $0.weightCount, byteCount: $0.byteCount)
            }, expertsUsed: weights.expertsUsed, isTied: false
        ) { tensor in
            switch uses[tensor.name] {
            case .row(let rows): .tokenEmbedding(rows: rows)
            case .experts(let count): .experts(count)
            case .always, nil: .always
            }
        }
    }

    package var size: (any ModelSize)? { (try? interface()).map { ONNXSize(self, $0) } }

    // MARK: Text

    package func tokenizerDescription() throws -> TokenizerDescription? { try text.tokenizerDescription() }
    package func tokenizerWarnings() throws -> [TokenizerWarning] { try text.tokenizerWarnings() }
    package var chatTemplate: String? { text.chatTemplate }

    // MARK: Loading

    /// Also throws if there is no library to run it.
    package func check() throws(ModelError) {
        _ = try interface()
        do throws(ONNXRuntimeError) {
            guard !(try LibrarySearch().candidates()).isEmpty else { throw .notFound }
        } catch {
            throw .runtime(error)
        }
    }

    package func load(adapters: [String]) throws(ModelError) -> LoadedModel {
        if let adapter = adapters.first { throw .adapter(adapter, "Adapters cannot change an ONNX export") }
        if let purpose = otherPurpose { throw .otherPurpose(purpose) }
        let interface = try interface()
        let summary = ModelSummary(
            name: name ?? path, architecture: config.family, parameters: weightUse.parameters, fileBytes: byteCount,
            format: formatName, trainedContext: config.contextLength, vocabularyCount: interface.vocabularyCount,
            layers: config.layers ?? interface.caches.count / 2, hiddenSize: config.hiddenSize ?? 0,
            heads: config.heads ?? 0, kvHeads: config.kvHeads ?? 0)
        return LoadedModel(computation: .export(self), summary: summary)
    }

    // MARK: Files

    /// ONNX Runtime reads the files itself, when an engine is made.
    package var residentShare: Double { 1 }
    package func readAhead(isCancelled: () -> Bool, progress: (Double) -> Void) {}

    /// The paths of the files that an export consists of, as far as they are there.
    static func files(of path: String) -> [String] {
        guard let folder = try? ONNXFolder(path) else { return [path] }
        return Set(graphFiles(of: folder.graph) + folder.texts.textFiles).sorted()
    }

    /// The paths of a graph's file and of those with its weights.
    static func graphFiles(of graph: String) -> [String] {
        [graph] + ((try? ONNXFile(path: graph))?.dataFiles.map(\.path) ?? [])
    }

    /// The file with most of the weights.
    static func weights(of path: String) -> String {
        guard let graph = (try? ONNXFolder(path))?.graph else { return path }
        return (try? ONNXFile(path: graph))?.dataFiles.max { $0.byteCount < $1.byteCount }?.path ?? graph
    }
}
