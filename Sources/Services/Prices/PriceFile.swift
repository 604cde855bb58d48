import Chat
import Files
import Foundation
import JSON

/// Reads a file of prices in US dollars per million tokens:
///
///     { "format": "sotto.prices", "date": "2026-11-28", "source": "…",
///       "prices": [
///         { "provider": "openai", "model": "gpt-5*", "input": 1.25, "cachedInput": 0.125, "output": 10 } ] }
///
/// A line may have `cacheWrite`, `date` and `source` of its own, and a `note` for people. In the user's own file
/// everything around the lines may be missing.
struct PriceFile {
    private(set) var lines: [PriceLine] = []
    private(set) var problems: [String]

    private static let sizeLimit = 4 << 20
    private static let rowLimit = 10_000
    /// Dollars per million tokens. No model costs nearly as much.
    private static let priceRange = 0.0...100_000.0
    private static let fields = [
        "provider", "model", "input", "cachedInput", "cacheWrite", "output", "date", "source", "note",
    ]

    /// The lines of a file; none if it is missing. Lines without a date have the day on which the file was changed.
    static func load(_ path: String, problems: inout [String]) -> [PriceLine] {
        do throws(ReadError) {
            guard let (text, day) = try FileIO<ReadError>.datedText(path, limit: sizeLimit) else { return [] }
            let file = PriceFile(text, label: path, date: day)
            problems += file.problems
            return file.lines
        } catch {
            problems.append("\(error)")
            return []
        }
    }

    /// - Parameters:
    ///   - label: names the file in problems, and as a source.
    ///   - date: for lines without one.
    init(_ text: String, label: String, date: String) {
        let table = DatedTable(
            text, label: label, date: date, format: "sotto.prices", list: "prices", limit: Self.rowLimit)
        problems = table.problems
        for row in table.rows { read(row, label) }
    }

    private mutating func read(_ row: DatedTable.Row, _ label: String) {
        let fields = row.fields
        func report(_ message: String) { problems.append("\(label), line \(row.line): \(message)") }
        for field in fields where !Self.fields.contains(field.name) {
            report("unknown field \"\(ServiceError.line(field.name))\". Fields: \(Self.fields.joined(separator: ", "))")
        }
        guard let provider = fields["provider"]?.string,
            let pattern = fields["model"]?.string.flatMap(ModelPattern.init)
        else {
            report("a price needs a provider and a model such as \"gpt-5\" or \"gpt-5*\"")
            return
        }
        func dollars(_ name: String) -> Double? {
            fields[name]?.double.flatMap { Self.priceRange.contains($0) ? $0 : nil }
        }
        let given = ["input", "output", "cachedInput", "cacheWrite"].filter { fields[$0]?.isNull == false }
        guard let input = dollars("input"), let output = dollars("output"), given.allSatisfy({ dollars($0) != nil })
        else {
            report("a price needs input and output in US dollars per million tokens")
            return
        }
        let price = Price(
            input: input, output: output, cachedInput: dollars("cachedInput"), cacheWrite: dollars("cacheWrite"),
            date: row.date, source: row.source)
        lines.append(PriceLine(provider: provider, pattern: pattern, price: price))
    }
}
