/// The scripts of characters, such as Latin and Han. Swift's standard library does not have this property.
enum UnicodeScripts {
    /// A script; nil for characters that are unassigned.
    typealias Script = Int

    /// The ranges of a script's characters, in order; nil if there is no script of this name (in small letters, without
    /// spaces).
    static func ranges(of name: String) -> [ClosedRange<UInt32>]? { byName[name] }

    /// The script with this name.
    static func named(_ name: String) -> Script? { names.firstIndex(of: name) }

    /// The script of a character.
    static func script(of value: UInt32) -> Script? {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].range.upperBound < value { low = middle + 1 } else { high = middle }
        }
        guard low < entries.count, entries[low].range.contains(value) else { return nil }
        return entries[low].script
    }

    private static let scripts: [(name: String, ranges: [ClosedRange<UInt32>])] = UnicodeScriptTable.text
        .split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            return words.first.map { (String($0), words.dropFirst().compactMap(range)) }
        }

    private static let names = scripts.map(\.name)

    private static let byName = Dictionary(
        scripts.map { ($0.name, $0.ranges) }, uniquingKeysWith: { first, _ in first })

    /// All ranges in order.
    private static let entries: [(range: ClosedRange<UInt32>, script: Script)] = scripts.enumerated()
        .flatMap { script in script.element.ranges.map { ($0, script.offset) } }
        .sorted { $0.0.lowerBound < $1.0.lowerBound }

    private static func range(_ word: Substring) -> ClosedRange<UInt32>? {
        let bounds = word.split(separator: "-").compactMap { UInt32($0, radix: 16) }
        guard let first = bounds.first, let last = bounds.last, first <= last else { return nil }
        return first...last
    }
}
