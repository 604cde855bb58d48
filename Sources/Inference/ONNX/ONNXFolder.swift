import Foundation
import JSON

/// Where the parts of an ONNX export are: the graph, its configuration and the tokenizer.
///
/// onnxruntime-genai keeps all of them in one folder, with `genai_config.json`. Optimum keeps `config.json` and the tokenizer
/// next to the graph; on the hub, several graphs are in a subfolder `onnx`.
package struct ONNXFolder: Sendable {
    /// The file with the graph.
    let graph: String
    /// The folder with the configuration and the tokenizer.
    let texts: CheckpointFolder
    /// The fields of `genai_config.json`; nil for exports of Optimum.
    let genAI: JSONObject?

    static let genAIName = "genai_config.json"
    private static let subfolder = "onnx"

    // MARK: Finding

    /// The exports in a folder: the folder itself if it has one, or else the files of all of its graphs.
    package static func exports(in path: String) -> [String] {
        let folder = CheckpointFolder(path)
        let isCheckpoint = CheckpointFolder.isModel(path)
        if folder.has(genAIName), !isCheckpoint { return [path] }
        let graphs = graphs(in: folder)
        return graphs.count == 1 && !isCheckpoint ? [path] : graphs
    }

    /// Whether a path is that of an export, and not of another kind of model.
    package static func isExport(_ path: String) -> Bool {
        if isGraph(path) { return true }
        guard ModelFiles.isFolder(path), !CheckpointFolder.isModel(path) else { return false }
        let folder = CheckpointFolder(path)
        return folder.has(genAIName) || !graphs(in: folder).isEmpty
    }

    /// Whether a path is that of a graph's file.
    package static func isGraph(_ path: String) -> Bool { path.hasSuffix(".onnx") && !ModelFiles.isFolder(path) }

    /// How lists call the graph of a file, after the name of the folder with the configuration: "SmolLM2/model_q4".
    package static func title(of graph: String) -> (folder: String, name: String) {
        let url = URL(filePath: graph)
        let stem = url.deletingPathExtension().lastPathComponent
        return (configurationFolder(of: url).path(percentEncoded: false), stem)
    }

    /// The paths of a folder's graphs, the usual one first.
    private static func graphs(in folder: CheckpointFolder) -> [String] {
        guard folder.has("config.json") || folder.has(genAIName) else { return [] }
        return [folder.path, folder.path(of: subfolder)].flatMap { path in
            let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter(isDecoder)
            return names.sorted { ($0.count, $0) < ($1.count, $1) }.map { "\(path)/\($0)" }.filter(isGraph)
        }
    }

    /// Whether a file's name is one of a decoder with a cache. (Those of decoders without one, and of the two halves of a
    /// decoder, are `decoder_model.onnx` and `decoder_with_past_model.onnx`.)
    private static func isDecoder(_ name: String) -> Bool {
        name.hasSuffix(".onnx") && (name.hasPrefix("model") || name.hasPrefix("decoder_model_merged"))
    }

    private static func configurationFolder(of graph: URL) -> URL {
        let folder = graph.deletingLastPathComponent()
        let own = CheckpointFolder(folder.path(percentEncoded: false))
        guard folder.lastPathComponent == subfolder, !own.has("config.json"), !own.has(genAIName) else { return folder }
        return folder.deletingLastPathComponent()
    }

    // MARK: Opening

    /// - Parameter path: of the folder, or of the graph's file.
    init(_ path: String) throws(ModelError) {
        if Self.isGraph(path) {
            let folder = Self.configurationFolder(of: URL(filePath: path)).path(percentEncoded: false)
            try self.init(graph: path, texts: CheckpointFolder(folder))
        } else {
            let folder = CheckpointFolder(path)
            let genAI = try Self.genAI(folder)
            let named = try genAI.map { (fields) throws(ModelError) in try Self.graph(fields, folder) }
            guard let graph = named ?? Self.graphs(in: folder).first else { throw .export(.noGraph(folder: path)) }
            try self.init(graph: graph, texts: folder)
        }
    }

    private init(graph: String, texts: CheckpointFolder) throws(ModelError) {
        let genAI = try Self.genAI(texts)
        guard genAI != nil || texts.has("config.json") else { throw .export(.noConfiguration(graph: graph)) }
        (self.graph, self.texts, self.genAI) = (graph, texts, genAI)
    }

    private static func genAI(_ folder: CheckpointFolder) throws(ModelError) -> JSONObject? {
        do throws(CheckpointError) {
            return try folder.object(genAIName)
        } catch {
            throw .checkpoint(error)
        }
    }

    /// The file that `genai_config.json` names.
    private static func graph(_ fields: JSONObject, _ folder: CheckpointFolder) throws(ModelError) -> String {
        let place = folder.path(of: genAIName)
        let name = fields["model"]?.object?["decoder"]?.object?["filename"]
        guard let name = name?.string else {
            throw .checkpoint(.value(path: place, field: "model.decoder.filename", expected: "a file's name"))
        }
        guard CheckpointFolder.isFileName(name) else { throw .checkpoint(.outsideFolder(name, index: place)) }
        guard folder.has(name) else { throw .checkpoint(.missingPart(name, index: place)) }
        return folder.path(of: name)
    }
}
