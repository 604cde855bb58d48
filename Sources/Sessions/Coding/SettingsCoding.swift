import Chat
import JSON

extension GenerationSettings {
    /// Every setting by its name in the table, apart from later ones that have their usual values.
    var json: JSONObject {
        let usual = GenerationSettings()
        let rows = SettingTable.rows.filter { $0.isAlwaysWritten || $0.value(in: self) != $0.value(in: usual) }
        return JSONObject(rows.map { ($0.name, $0.value(in: self).json) })
    }

    /// Missing settings have their default values; numbers out of range are changed to the nearest value in range.
    init(_ reader: inout FieldReader) {
        self.init()
        for row in SettingTable.rows {
            guard let value = reader.optional(row.name, row.expectation, { row.value(from: $0) }) else { continue }
            do {
                try row.set(value, in: &self)
            } catch {
                let nearest = row.clamped(value).flatMap { nearest in
                    (try? row.set(nearest, in: &self)).map { nearest }
                }
                reader.warn(row.name, "\(error); " + (nearest.map { "using \($0)" } ?? "ignored"))
            }
        }
    }
}

extension SettingValue {
    fileprivate var json: JSONValue {
        switch self {
        case .number(let value): .real(value)
        case .integer(let value): .integer(value)
        case .toggle(let isOn): .bool(isOn)
        case .seed(let value): value.map { .integer($0) } ?? .null
        case .choice(let word): .string(word)
        case .strings(let strings): .array(strings.map { .string($0) })
        case .biases(let biases): .object(JSONObject(biases.map { ("\($0)", .real($1)) }))
        }
    }
}

extension SettingRow {
    fileprivate func value(from json: JSONValue) -> SettingValue? {
        switch kind {
        case .number: return json.float.map { .number($0) }
        case .integer: return json.integer.map { .integer($0) }
        case .toggle: return json.bool.map { .toggle($0) }
        case .seed: return json.unsigned.map { .seed($0) }
        case .choice: return json.string.map { .choice($0) }
        case .strings:
            guard let items = json.array else { return nil }
            let strings = items.compactMap(\.string)
            return strings.count == items.count ? .strings(strings) : nil
        case .biases:
            guard let fields = json.object else { return nil }
            var biases: [Int32: Float] = [:]
            for field in fields {
                guard let token = Int32(field.name), token >= 0, let bias = field.value.float else { return nil }
                biases[token] = bias
            }
            return .biases(biases)
        }
    }
}
