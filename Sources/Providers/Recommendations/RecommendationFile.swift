import Chat
import Files
import Foundation
import JSON

/// Reads a file of recommended models:
///
///     { "format": "sotto.recommended", "date": "2026-11-28", "source": "…",
///       "models": [
///         { "address": "hf.co/Qwen/Qwen3-8B-GGUF:Q4_K_M", "title": "Qwen3 8B", "parameters": 8190735360,
///           "bytes": 5027783488, "license": "Apache-2.0", "use": "general", "released": "2025-04" } ] }
///
/// A line may have `active` (parameters that a token uses), and a `date` and `source` of its own. In the user's own file
/// everything around the lines may be missing.
struct RecommendationFile {
    private let label: String
    private let date: String
    private let source: String
    private(set) var models: [RecommendedModel] = []
    private(set) var problems: [String] = []

    private static let sizeLimit = 1 << 20
    /// More is a mistake.
    private static let lineLimit = 1000
    private static let textLimit = 200
    private static let parameterRange = 1...100_000_000_000_000
    private static let byteRange = 1...100_000_000_000_000
    private static let fields = [
        "address", "title", "parameters", "active", "bytes", "license", "use", "released", "date", "source",
    ]

    /// The lines of a file; none if it is missing. Lines without a date have the day on which the file was changed.
    static func load(_ path: String, problems: inout [String]) -> [RecommendedModel] {
        guard FileIO<ModelFileError>.exists(path) else { return [] }
        do {
            let bytes = try FileIO<ModelFileError>.read(path, limit: sizeLimit)
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            let changed = attributes?[.modificationDate] as? Date ?? Date()
            let file = RecommendationFile(
                String(decoding: bytes, as: UTF8.self), label: path,
                date: changed.formatted(.iso8601.year().month().day()))
            problems += file.problems
            return file.models
        } catch {
            problems.append("\(error)")
            return []
        }
    }

    /// - Parameters:
    ///   - label: names the file in problems, and as a source.
    ///   - date: for lines without one.
    init(_ text: String, label: String, date: String) {
        self.label = label
        let (root, errors) = JSONReader.readLeniently(text)
        let fields = root.object ?? [:]
        self.date = Self.text(fields["date"]) ?? date
        source = Self.text(fields["source"]) ?? label
        problems = errors.map { "\(label), line \($0.line): invalid JSON: expected \($0.expected)" }
        if let format = fields["format"], format != .string("sotto.recommended") {
            problems.append("\(label): the format is not \"sotto.recommended\"")
            return
        }
        guard let list = fields["models"]?.array ?? root.array else {
            if errors.isEmpty { problems.append("\(label): there is no list of models") }
            return
        }
        if list.count > Self.lineLimit { problems.append("\(label): only the first \(Self.lineLimit) models are used") }
        for (index, value) in list.prefix(Self.lineLimit).enumerated() { read(value, number: index + 1) }
    }

    private mutating func read(_ value: JSONValue, number: Int) {
        guard let fields = value.object else {
            problems.append("\(label): model \(number) is not an object")
            return
        }
        let line = fields.first { _ in true }?.line ?? 1
        do throws(LineError) {
            let model = try model(fields)
            if models.contains(where: { $0.address == model.address }) {
                throw LineError("\(model.address) is listed twice")
            }
            models.append(model)
        } catch {
            problems.append("\(label), line \(line): \(error.reason)")
        }
    }

    private struct LineError: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    private func model(_ fields: JSONObject) throws(LineError) -> RecommendedModel {
        if let unknown = fields.first(where: { !Self.fields.contains($0.name) }) {
            let name = Self.text(.string(unknown.name)) ?? "?"
            throw LineError("unknown field \"\(name)\". Fields: \(Self.fields.joined(separator: ", "))")
        }
        guard let address = fields["address"]?.string, Self.isAddress(address) else {
            throw LineError("address must be like \"hf.co/OWNER/NAME:QUANT\" or \"ollama.com/NAME:TAG\"")
        }
        guard let title = Self.text(fields["title"]), let license = Self.text(fields["license"]) else {
            throw LineError("a model needs a title and a license")
        }
        guard let parameters = fields["parameters"]?.integer, Self.parameterRange.contains(parameters) else {
            throw LineError("parameters must be a whole number, such as 8000000000")
        }
        guard let bytes = fields["bytes"]?.integer, Self.byteRange.contains(bytes) else {
            throw LineError("bytes must be a whole number, the size of the download")
        }
        let active = fields["active"].flatMap { $0.isNull ? nil : $0 }
        if let active, active.integer.map({ (1...parameters).contains($0) }) != true {
            throw LineError("active must be a whole number of parameters, at most \(parameters)")
        }
        guard let use = fields["use"]?.string.flatMap(RecommendedModel.Use.init) else {
            let uses = RecommendedModel.Use.allCases.map(\.rawValue).joined(separator: ", ")
            throw LineError("use must be one of \(uses)")
        }
        return RecommendedModel(
            address: address, title: title, parameters: parameters, activeParameters: active?.integer, bytes: bytes,
            license: license, use: use, released: Self.text(fields["released"]),
            date: Self.text(fields["date"]) ?? date, source: Self.text(fields["source"]) ?? source)
    }

    /// A text of one line; nil for everything else.
    private static func text(_ value: JSONValue?) -> String? {
        guard let text = value?.string else { return nil }
        let line = text.prefix(textLimit).prefix { !$0.isNewline }
        return line.isEmpty ? nil : String(line)
    }

    private static func isAddress(_ text: String) -> Bool {
        guard text.utf8.count <= textLimit,
            text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:".contains($0)) })
        else { return false }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else { return false }
        let tag = name.split(separator: ":", omittingEmptySubsequences: false)
        guard tag.count <= 2, tag.allSatisfy({ !$0.isEmpty }) else { return false }
        switch parts[0] {
        case "hf.co": return parts.count == 3
        case "ollama.com": return (2...3).contains(parts.count)
        default: return false
        }
    }
}
