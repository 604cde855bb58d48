import Foundation

/// The value of one setting, of any kind.
public enum SettingValue: Sendable, Equatable, CustomStringConvertible {
    case number(Float)
    case integer(Int)
    case toggle(Bool)
    /// nil for a new random seed for every reply.
    case seed(UInt64?)
    /// One of the row's own words.
    case choice(String)
    case strings([String])
    /// By token id.
    case biases([Int32: Float])

    /// The maximum number of entries in a list.
    public static let listLimit = 256

    /// The value as users type it; `SettingRow.parse` reads it back.
    public var description: String {
        switch self {
        case .number(let value):
            // 5 rather than 5.0, otherwise the shortest text that reads back as the same number.
            return Int(exactly: value).map(String.init) ?? "\(value)"
        case .integer(let value): return "\(value)"
        case .toggle(let isOn): return isOn ? "on" : "off"
        case .seed(let value): return value.map { "\($0)" } ?? "random"
        case .choice(let word): return word
        case .strings(let strings):
            return strings.isEmpty ? "none" : strings.map(QuotedWords.quote).joined(separator: " ")
        case .biases(let biases):
            let pairs = biases.sorted { $0.key < $1.key }.map { "\($0)=\(SettingValue.number($1))" }
            return pairs.isEmpty ? "none" : pairs.joined(separator: " ")
        }
    }
}

extension SettingRow {
    /// Reads a value as users type it, and checks its range. "off" and "none" mean the value that is off, if there is
    /// one, and the row's words mean theirs.
    public func parse(_ text: String) throws(SettingError) -> SettingValue {
        let word = text.trimmingCharacters(in: .whitespacesAndNewlines)
        if let off, ["off", "none"].contains(word.lowercased()) { return off }
        if let named = self.word(word) { return named.value }
        var scratch = GenerationSettings()
        guard let value = read(word), (try? set(value, in: &scratch)) != nil else {
            throw .invalid(setting: command, expected: expectation, given: word)
        }
        return value
    }

    /// The value with this name, or the only one whose name begins with it: "auto" for "automatic".
    private func word(_ text: String) -> Word? {
        let text = text.lowercased()
        let beginning = words.filter { text.count >= Self.shortestWord && $0.text.hasPrefix(text) }
        return words.first { $0.text == text } ?? (beginning.count == 1 ? beginning[0] : nil)
    }

    /// Characters of the shortest beginning that stands for a word.
    private static let shortestWord = 4

    /// A whole number; "4k" is 4096, as people write sizes of contexts.
    private static func integer(_ word: String) -> Int? {
        let units: [Character: Int] = ["k": 1 << 10, "m": 1 << 20]
        guard let unit = word.last.flatMap({ units[Character($0.lowercased())] }) else { return Int(word) }
        guard let number = Int(word.dropLast()) else { return nil }
        let (product, isTooLarge) = number.multipliedReportingOverflow(by: unit)
        return isTooLarge ? nil : product
    }

    private func read(_ word: String) -> SettingValue? {
        switch kind {
        case .number: return Float(word).map { .number($0) }
        case .integer: return Self.integer(word).map { .integer($0) }
        case .toggle:
            switch word.lowercased() {
            case "on", "true", "yes", "1": return .toggle(true)
            case "off", "false", "no", "0": return .toggle(false)
            default: return nil
            }
        case .seed:
            // llama.cpp and others use -1 for a random seed.
            if ["random", "-1"].contains(word.lowercased()) { return .seed(nil) }
            return UInt64(word).map { .seed($0) }
        case .choice(_, let words):
            let names = ["true": "on", "false": "off"]
            let word = names[word.lowercased()] ?? word.lowercased()
            return words.contains(word) ? .choice(word) : nil
        case .strings:
            return QuotedWords.split(word).map { .strings($0) }
        case .biases:
            var biases: [Int32: Float] = [:]
            for pair in word.split(whereSeparator: { $0 == " " || $0 == "," }) {
                let parts = pair.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, let token = Int32(parts[0]), token >= 0, let bias = Float(parts[1]), !bias.isNaN
                else { return nil }
                biases[token] = bias
            }
            return biases.isEmpty ? nil : .biases(biases)
        }
    }
}
