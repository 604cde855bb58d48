import Sampling

/// One setting: its names, its allowed values, where it is stored, and what it does.
public struct SettingRow: Sendable, Identifiable {
    /// The name in session files, such as "topP".
    public let name: String
    /// The name as users type it, such as "top_p".
    public let command: String
    /// Other names for it.
    public let aliases: [String]
    /// What it does, in one line.
    public let summary: String
    public let group: Group
    public internal(set) var kind: Kind
    /// The value at which the setting has no effect; nil if there is none.
    public let off: SettingValue?
    /// Names for values that say little as numbers, such as "off" or "whole context". Users can type them.
    public let words: [Word]
    /// The `command` of the setting that this one depends on.
    public let needs: String?
    /// Whether files have the setting even if it has its usual value. Those that came later do not, so that files of earlier
    /// versions stay as they are.
    public private(set) var isAlwaysWritten = true

    public var id: String { name }

    /// Rows that lists show together.
    public enum Group: String, Sendable, CaseIterable {
        case sampling = "Sampling", filters = "Filters", repetition = "Repetition", mirostat = "Mirostat"
        case limits = "Limits", speed = "Speed"
    }

    /// A value with a name.
    public struct Word: Sendable {
        public let value: SettingValue
        public let text: String
    }

    /// The type and range of the values, and where they are stored.
    public enum Kind: Sendable {
        case number(WritableKeyPath<GenerationSettings, Float> & Sendable, ClosedRange<Float>, step: Double)
        case integer(WritableKeyPath<GenerationSettings, Int> & Sendable, ClosedRange<Int>, step: Int)
        case toggle(WritableKeyPath<GenerationSettings, Bool> & Sendable)
        case seed(WritableKeyPath<GenerationSettings, UInt64?> & Sendable)
        case choice(WritableKeyPath<GenerationSettings, String> & Sendable, [String])
        case strings(WritableKeyPath<GenerationSettings, [String]> & Sendable)
        case biases(WritableKeyPath<GenerationSettings, [Int32: Float]> & Sendable)
    }

    public func value(in settings: GenerationSettings) -> SettingValue {
        switch kind {
        case .number(let path, _, _): .number(settings[keyPath: path])
        case .integer(let path, _, _): .integer(settings[keyPath: path])
        case .toggle(let path): .toggle(settings[keyPath: path])
        case .seed(let path): .seed(settings[keyPath: path])
        case .choice(let path, _): .choice(settings[keyPath: path])
        case .strings(let path): .strings(settings[keyPath: path])
        case .biases(let path): .biases(settings[keyPath: path])
        }
    }

    /// Sets a value. It must have the row's kind and be within its range.
    public func set(_ value: SettingValue, in settings: inout GenerationSettings) throws(SettingError) {
        switch (kind, value) {
        case (.number(let path, let range, _), .number(let number)) where range.contains(number):
            settings[keyPath: path] = number
        case (.integer(let path, let range, _), .integer(let number)) where range.contains(number):
            settings[keyPath: path] = number
        case (.toggle(let path), .toggle(let isOn)):
            settings[keyPath: path] = isOn
        case (.seed(let path), .seed(let seed)):
            settings[keyPath: path] = seed
        case (.choice(let path, let words), .choice(let word)) where words.contains(word):
            settings[keyPath: path] = word
        case (.strings(let path), .strings(let strings)) where strings.count <= SettingValue.listLimit:
            settings[keyPath: path] = strings.filter { !$0.isEmpty }
        case (.biases(let path), .biases(let biases)) where biases.count <= SettingValue.listLimit:
            settings[keyPath: path] = biases
        default:
            throw .invalid(setting: command, expected: expectation, given: value.description)
        }
    }

    /// The nearest value within the range; nil for values of another kind and NaN.
    public func clamped(_ value: SettingValue) -> SettingValue? {
        switch (kind, value) {
        case (.number(_, let range, _), .number(let number)) where !number.isNaN:
            .number(min(max(number, range.lowerBound), range.upperBound))
        case (.integer(_, let range, _), .integer(let number)):
            .integer(min(max(number, range.lowerBound), range.upperBound))
        default: nil
        }
    }

    /// Moves a number by a number of steps to a multiple of the step within its range, turns a toggle on or off, or
    /// selects another choice. Other kinds do not change.
    public func nudge(_ settings: inout GenerationSettings, by steps: Int) {
        switch kind {
        case .number(let path, let range, let step):
            let moved = ((Double(settings[keyPath: path]) / step).rounded() + Double(steps)) * step
            settings[keyPath: path] = min(max(Float(moved), range.lowerBound), range.upperBound)
        case .integer(let path, let range, let step):
            let value = Double(settings[keyPath: path])
            let moved = steps > 0 ? (value / Double(step)).rounded(.down) : (value / Double(step)).rounded(.up)
            let target = (moved + Double(steps)) * Double(step)
            settings[keyPath: path] = Int(min(max(target, Double(range.lowerBound)), Double(range.upperBound)))
        case .toggle(let path): if steps != 0 { settings[keyPath: path] = steps > 0 }
        case .choice(let path, let words):
            guard let index = words.firstIndex(of: settings[keyPath: path]) else { return }
            let target = index + min(max(steps, -words.count), words.count)
            settings[keyPath: path] = words[min(max(target, 0), words.count - 1)]
        case .seed, .strings, .biases: break
        }
    }

    /// Whether the setting has an effect: it is not off, and neither is the one it depends on.
    public func isActive(in settings: GenerationSettings) -> Bool {
        guard off != value(in: settings) else { return false }
        guard let needs, let other = try? SettingTable.row(named: needs) else { return true }
        return other.isActive(in: settings)
    }

    /// The value as users read and type it.
    public func text(in settings: GenerationSettings) -> String { text(of: value(in: settings)) }

    public func text(of value: SettingValue) -> String {
        words.first { $0.value == value }?.text ?? value.description
    }

    /// The allowed values as part of a sentence: "a number from 0 to 5".
    public var expectation: String {
        let range: String
        switch kind {
        case .number(_, let bounds, _):
            let (low, high) = (SettingValue.number(bounds.lowerBound), SettingValue.number(bounds.upperBound))
            range = "a number from \(low) to \(high)"
        case .integer(_, let bounds, _):
            range = "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
        case .toggle: range = "on or off"
        case .seed: range = "a whole number from 0 to \(UInt64.max), or \"random\""
        case .choice(_, let words): range = "one of \(words.joined(separator: ", "))"
        case .strings:
            range = "up to \(SettingValue.listLimit) strings (quote any that contain spaces), or \"none\""
        case .biases:
            range = "up to \(SettingValue.listLimit) pairs of token id and bias, such as 42=-inf, or \"none\""
        }
        let named = words.map { "\($0.value) is \($0.text)" }
        return named.isEmpty ? range : "\(range) (\(named.joined(separator: ", ")))"
    }

    /// Names are compared without case, '-' and '_', so that top-k, TOP_K and topK are the same.
    static func normalised(_ name: String) -> String {
        name.lowercased().filter { $0 != "-" && $0 != "_" }
    }
}

// MARK: Rows as the table writes them

extension SettingRow {
    static func number(
        _ command: String, json: String? = nil, _ path: WritableKeyPath<GenerationSettings, Float> & Sendable,
        _ range: ClosedRange<Float>, step: Double, off: Float? = nil, aliases: [String] = [], needs: String? = nil,
        group: Group, _ summary: String
    ) -> SettingRow {
        SettingRow(
            command, json, aliases, summary, group, .number(path, range, step: step), off.map { .number($0) }, needs,
            off.map { [Word(value: .number($0), text: "off")] } ?? [])
    }

    /// - Parameters:
    ///   - offWord: the name of the value `off`.
    ///   - all: the name of the value -1.
    static func integer(
        _ command: String, json: String? = nil, _ path: WritableKeyPath<GenerationSettings, Int> & Sendable,
        _ range: ClosedRange<Int>, step: Int, off: Int? = nil, offWord: String = "off", all: String? = nil,
        aliases: [String] = [], needs: String? = nil, group: Group, _ summary: String
    ) -> SettingRow {
        let words = [
            all.map { Word(value: .integer(-1), text: $0) }, off.map { Word(value: .integer($0), text: offWord) },
        ]
        return SettingRow(
            command, json, aliases, summary, group, .integer(path, range, step: step), off.map { .integer($0) }, needs,
            words.compactMap(\.self))
    }

    static func toggle(
        _ command: String, _ path: WritableKeyPath<GenerationSettings, Bool> & Sendable, aliases: [String] = [],
        group: Group, _ summary: String
    ) -> SettingRow {
        SettingRow(command, nil, aliases, summary, group, .toggle(path), .toggle(false), nil)
    }

    static func seed(
        _ command: String, _ path: WritableKeyPath<GenerationSettings, UInt64?> & Sendable, group: Group,
        _ summary: String
    ) -> SettingRow {
        SettingRow(command, nil, [], summary, group, .seed(path), .seed(nil), nil)
    }

    static func choice(
        _ command: String, json: String? = nil, _ path: WritableKeyPath<GenerationSettings, String> & Sendable,
        _ words: [String], aliases: [String] = [], group: Group, isAlwaysWritten: Bool = true, _ summary: String
    ) -> SettingRow {
        var row = SettingRow(command, json, aliases, summary, group, .choice(path, words), nil, nil)
        row.isAlwaysWritten = isAlwaysWritten
        return row
    }

    static func strings(
        _ command: String, _ path: WritableKeyPath<GenerationSettings, [String]> & Sendable, aliases: [String],
        needs: String? = nil, group: Group, _ summary: String
    ) -> SettingRow {
        SettingRow(command, nil, aliases, summary, group, .strings(path), .strings([]), needs)
    }

    static func biases(
        _ command: String, _ path: WritableKeyPath<GenerationSettings, [Int32: Float]> & Sendable, group: Group,
        _ summary: String
    ) -> SettingRow {
        SettingRow(command, nil, [], summary, group, .biases(path), .biases([:]), nil)
    }

    /// Without `json`, the JSON name is the command in camel case.
    private init(
        _ command: String, _ json: String?, _ aliases: [String], _ summary: String, _ group: Group, _ kind: Kind,
        _ off: SettingValue?, _ needs: String?, _ words: [Word] = []
    ) {
        let parts = command.split(separator: "_")
        name = json ?? parts.prefix(1).joined() + parts.dropFirst().map(\.capitalized).joined()
        self.command = command
        self.aliases = aliases
        self.summary = summary
        self.group = group
        self.kind = kind
        self.off = off
        self.words = words
        self.needs = needs
    }
}

extension Substring {
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
