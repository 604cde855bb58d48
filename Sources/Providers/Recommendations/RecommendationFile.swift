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
    private(set) var models: [RecommendedModel] = []
    private(set) var problems: [String]

    private static let sizeLimit = 1 << 20
    private static let rowLimit = 1000
    private static let addressLimit = 200
    private static let parameterRange = 1...100_000_000_000_000
    private static let byteRange = 1...100_000_000_000_000
    private static let fields = [
        "address", "title", "parameters", "active", "bytes", "license", "use", "released", "date", "source",
    ]

    /// The models of a file; none if it is missing. Rows without a date have the day on which the file was changed.
    static func load(_ path: String, problems: inout [String]) -> [RecommendedModel] {
        do throws(ModelFileError) {
            guard let (text, day) = try FileIO<ModelFileError>.datedText(path, limit: sizeLimit) else { return [] }
            let file = RecommendationFile(text, label: path, date: day)
            problems += file.problems
            return file.models
        } catch {
            problems.append("\(error)")
            return []
        }
    }

    /// - Parameters:
    ///   - label: names the file in problems, and as a source.
    ///   - date: for rows without one.
    init(_ text: String, label: String, date: String) {
        let table = DatedTable(
            text, label: label, date: date, format: "sotto.recommended", list: "models", limit: Self.rowLimit)
        problems = table.problems
        for row in table.rows {
            do throws(LineError) {
                let model = try Self.model(row)
                if models.contains(where: { $0.address == model.address }) {
                    throw LineError("\(model.address) is listed twice")
                }
                models.append(model)
            } catch {
                problems.append("\(label), line \(row.line): \(error.reason)")
            }
        }
    }

    private struct LineError: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    private static func model(_ row: DatedTable.Row) throws(LineError) -> RecommendedModel {
        let fields = row.fields
        if let unknown = fields.first(where: { !Self.fields.contains($0.name) }) {
            let name = DatedTable.line(.string(unknown.name)) ?? "?"
            throw LineError("unknown field \"\(name)\". Fields: \(Self.fields.joined(separator: ", "))")
        }
        guard let address = fields["address"]?.string, isAddress(address) else {
            throw LineError("address must be like \"hf.co/OWNER/NAME:QUANT\" or \"ollama.com/NAME:TAG\"")
        }
        guard let title = DatedTable.line(fields["title"]), let license = DatedTable.line(fields["license"]) else {
            throw LineError("a model needs a title and a license")
        }
        guard let parameters = fields["parameters"]?.integer, parameterRange.contains(parameters) else {
            throw LineError("parameters must be a whole number, such as 8000000000")
        }
        guard let bytes = fields["bytes"]?.integer, byteRange.contains(bytes) else {
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
            license: license, use: use, released: DatedTable.line(fields["released"]),
            date: row.date, source: row.source)
    }

    private static func isAddress(_ text: String) -> Bool {
        guard text.utf8.count <= addressLimit,
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
