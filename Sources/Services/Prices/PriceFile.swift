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
    private let label: String
    private let date: String
    private var source: String
    private(set) var lines: [PriceLine] = []
    private(set) var problems: [String] = []

    private static let sizeLimit = 4 << 20
    /// More is a mistake.
    private static let lineLimit = 10_000
    /// Dollars per million tokens. No model costs nearly as much.
    private static let priceRange = 0.0...100_000.0
    private static let fields = [
        "provider", "model", "input", "cachedInput", "cacheWrite", "output", "date", "source", "note",
    ]

    /// The lines of a file; none if it is missing. Lines without a date have the day on which the file was changed.
    static func load(_ path: String, problems: inout [String]) -> [PriceLine] {
        guard FileIO<ReadError>.exists(path) else { return [] }
        do {
            let bytes = try FileIO<ReadError>.read(path, limit: sizeLimit)
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            let changed = attributes?[.modificationDate] as? Date ?? Date()
            let file = PriceFile(
                String(decoding: bytes, as: UTF8.self), label: path,
                date: changed.formatted(.iso8601.year().month().day()))
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
        self.label = label
        let (root, errors) = JSONReader.readLeniently(text)
        problems = errors.map { "\(label), line \($0.line): invalid JSON: expected \($0.expected)" }
        let fields = root.object ?? [:]
        self.date = fields["date"]?.string.map(ServiceError.line) ?? date
        source = fields["source"]?.string.map(ServiceError.line) ?? label
        if let format = fields["format"], format != .string("sotto.prices") {
            problems.append("\(label): the format is not \"sotto.prices\"")
            return
        }
        guard let list = fields["prices"]?.array ?? root.array else {
            if errors.isEmpty { problems.append("\(label): there is no list of prices") }
            return
        }
        if list.count > Self.lineLimit { problems.append("\(label): only the first \(Self.lineLimit) prices are used") }
        for (index, value) in list.prefix(Self.lineLimit).enumerated() { read(value, number: index + 1) }
    }

    private mutating func read(_ value: JSONValue, number: Int) {
        guard let fields = value.object else {
            problems.append("\(label): price \(number) is not an object")
            return
        }
        let line = fields.first { _ in true }?.line ?? 1
        func report(_ message: String) { problems.append("\(label), line \(line): \(message)") }
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
            date: fields["date"]?.string.map(ServiceError.line) ?? date,
            source: fields["source"]?.string.map(ServiceError.line) ?? source)
        lines.append(PriceLine(provider: provider, pattern: pattern, price: price))
    }
}
