/// A table that people write and that ages, such as prices: rows, and for the whole table or a single row the day on which
/// it was true and where it is from.
///
///     { "format": "sotto.prices", "date": "2026-11-28", "source": "…", "prices": [ { … }, … ] }
///
/// Everything around the rows may be missing. Whatever is wrong is left out and described in a line.
public struct DatedTable {
    /// One row, with its own date and source or the table's.
    public struct Row {
        public let fields: JSONObject
        /// The line in the file, from 1.
        public let line: Int
        public let date: String
        public let source: String
    }

    public private(set) var rows: [Row] = []
    public private(set) var problems: [String]

    private static let textLimit = 200

    /// - Parameters:
    ///   - label: names the file in problems, and as a source.
    ///   - date: for rows without one.
    ///   - format: what `format` has to be if it is there.
    ///   - list: the name of the list of rows, a plural.
    ///   - limit: of rows; more are a mistake.
    public init(_ text: String, label: String, date: String, format: String, list: String, limit: Int) {
        let (root, errors) = JSONReader.readLeniently(text)
        problems = errors.map { "\(label), line \($0.line): invalid JSON: expected \($0.expected)" }
        let fields = root.object ?? [:]
        if let found = fields["format"], found != .string(format) {
            problems.append("\(label): the format is not \"\(format)\"")
            return
        }
        guard let values = fields[list]?.array ?? root.array else {
            if errors.isEmpty { problems.append("\(label): there is no list of \(list)") }
            return
        }
        if values.count > limit { problems.append("\(label): only the first \(limit) \(list) are used") }
        let date = Self.line(fields["date"]) ?? date
        let source = Self.line(fields["source"]) ?? label
        for (index, value) in values.prefix(limit).enumerated() {
            guard let fields = value.object else {
                problems.append("\(label): \(list.dropLast()) \(index + 1) is not an object")
                continue
            }
            rows.append(
                Row(
                    fields: fields, line: fields.first { _ in true }?.line ?? 1,
                    date: Self.line(fields["date"]) ?? date, source: Self.line(fields["source"]) ?? source))
        }
    }

    /// A text of one line; nil for everything else.
    public static func line(_ value: JSONValue?) -> String? {
        guard let text = value?.string else { return nil }
        let line = text.prefix(textLimit).prefix { !$0.isNewline }
        return line.isEmpty ? nil : String(line)
    }
}
