/// The families that are most like one that is not supported, for messages.
enum NearestFamilies {
    /// At most four: those with the same name but for a version or a variant, and those that are spelled alike, the most
    /// alike first. "qwen4exp" is near "qwen", "qwen2" and "qwen2moe".
    static func of(_ name: String, among known: [String]) -> [String] {
        let name = String(name.lowercased().prefix(longestName))
        let relative = relatives.first { name.hasPrefix($0.prefix) }?.family
        let near = known.compactMap { family -> (family: String, distance: Int)? in
            if family == relative { return (family, 0) }
            let distance = distance(Array(name.utf8), Array(family.utf8))
            let isSpelledAlike = distance <= min(2, name.utf8.count / 3)
            return isSpelledAlike || isVariant(name, of: family) ? (family, distance) : nil
        }
        return near.sorted { ($0.distance, $0.family) < ($1.distance, $1.family) }.prefix(4).map(\.family)
    }

    /// In characters; names in files may be of any length.
    private static let longestName = 64

    /// Families whose names do not show whose mathematics they share.
    private static let relatives: [(prefix: String, family: String)] = [
        ("mistral", "llama"), ("mixtral", "llama"), ("kimi", "deepseek"), ("chameleon", "llama"), ("cogvlm", "llama"),
    ]

    /// "mistral4" and "mistral3", "granitehybrid" and "granite".
    private static func isVariant(_ name: String, of family: String) -> Bool {
        let (left, right) = (stem(name), stem(family))
        if left == right { return left.utf8.count >= 2 }
        return min(left.utf8.count, right.utf8.count) >= 5 && (left.hasPrefix(right) || right.hasPrefix(left))
    }

    /// The letters before the first digit or sign.
    private static func stem(_ name: String) -> Substring { name.prefix { $0.isLetter } }

    /// The number of insertions, deletions and replacements between two texts.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var last = Array(0...right.count)
        for (row, byte) in left.enumerated() {
            var next = [row + 1]
            for (column, other) in right.enumerated() {
                next.append(min(last[column] + (byte == other ? 0 : 1), min(next[column], last[column + 1]) + 1))
            }
            last = next
        }
        return last[right.count]
    }
}
