import Files
import Foundation

/// An ONNX file: its graph is read and checked when it is opened, its weights are not touched.
/// (https://onnx.ai/onnx/repo-docs/IR.html)
public final class ONNXFile: Sendable {
    public let path: String
    public let graph: ONNXGraph
    /// The version of each set of operators, by domain; "" for the standard ones.
    public let operatorSets: [String: Int]
    /// The files with tensors outside of this one, sorted by path. All of them are there, and long enough.
    public let dataFiles: [DataFile]
    /// Of this file and of the data files.
    public let byteCount: Int

    public struct DataFile: Sendable, Equatable {
        public let path: String
        public let byteCount: Int
    }

    public init(path: String) throws(ONNXError) {
        let file: MappedFile
        do throws(MappedFile.Failure) {
            file = try MappedFile(path: path)
        } catch {
            throw ONNXError(.cannotMap("\(error)"), path: path)
        }
        let parser = try ONNXParser(file.bytes, path: path)
        self.path = path
        (graph, operatorSets) = (parser.graph, parser.operatorSets)
        dataFiles = try DataFolder(of: path).check(parser.graph.tensors)
        byteCount = dataFiles.reduce(file.bytes.count) { $0 + $1.byteCount }
    }
}

/// The folder in which a model's external data must be.
private struct DataFolder {
    private let path: String
    private let folder: String
    /// The folders in which the files must really be, whatever links lead to them. The hub's cache keeps links to files in
    /// one folder, which is then also that of the ONNX file itself.
    private let roots: [String]

    init(of path: String) {
        self.path = path
        let url = URL(filePath: path)
        folder = url.deletingLastPathComponent().path(percentEncoded: false)
        roots = [
            url.deletingLastPathComponent().resolvingSymlinksInPath(),
            url.resolvingSymlinksInPath().deletingLastPathComponent(),
        ].map { $0.path(percentEncoded: false) }.map { $0.hasSuffix("/") ? $0 : $0 + "/" }
    }

    /// The files that hold the tensors that are not inside the ONNX file.
    func check(_ tensors: [ONNXTensor]) throws(ONNXError) -> [ONNXFile.DataFile] {
        var files: [String: ONNXFile.DataFile] = [:]
        for tensor in tensors {
            guard case .external(let data) = tensor.place else { continue }
            func error(_ problem: ONNXError.Problem) -> ONNXError {
                let name = "tensor \"\(ONNXError.Problem.short(tensor.name))\""
                return ONNXError(problem, field: name, offset: tensor.offset, path: path)
            }
            if files[data.location] == nil {
                files[data.location] = try open(data.location, error)
            }
            let length = data.length ?? tensor.byteCount
            guard tensor.type == .string || length == tensor.byteCount else {
                throw error(.wrongByteCount(length, expected: tensor.byteCount))
            }
            let (end, isTooLarge) = data.offset.addingReportingOverflow(length)
            let size = files[data.location]?.byteCount ?? 0
            guard !isTooLarge, end <= size else {
                throw error(.shortData(data.location, end: isTooLarge ? .max : end, bytes: size))
            }
        }
        return files.values.sorted { $0.path < $1.path }
    }

    private func open(
        _ location: String, _ error: (ONNXError.Problem) -> ONNXError
    ) throws(ONNXError) -> ONNXFile.DataFile {
        let parts = location.split(separator: "/", omittingEmptySubsequences: false)
        guard !location.isEmpty, !location.contains(where: { $0 == "\\" || $0 == "\0" }),
            !parts.contains(where: { $0.isEmpty || $0 == ".." })
        else { throw error(.outsideFolder(location)) }
        let url = URL(filePath: folder).appending(path: location)
        let real = url.resolvingSymlinksInPath().path(percentEncoded: false)
        guard roots.contains(where: real.hasPrefix) else { throw error(.outsideFolder(location)) }
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: real),
            let size = attributes[.size] as? Int
        else { throw error(.missingData(location, reason: "is not there")) }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw error(.missingData(location, reason: "is not a regular file"))
        }
        return ONNXFile.DataFile(path: url.path(percentEncoded: false), byteCount: size)
    }
}
