/// The link reference definitions of a text (`[label]: address`). Blocks are parsed one by one and a definition may
/// come after its use, so definitions are collected first and put before every block that may need them.
struct LinkDefinitions {
    private static let maxCount = 64
    private static let maxLength = 400

    private(set) var lines: [[UInt8]] = []

    /// Reads complete lines and returns whether they contain a new definition.
    mutating func read(_ text: ArraySlice<UInt8>) -> Bool {
        var found = false
        for line in text.split(separator: UInt8(ascii: "\n"))
        where lines.count < Self.maxCount && Self.isDefinition(line) {
            let definition = Array(line)
            if lines.contains(definition) { continue }
            lines.append(definition)
            found = true
        }
        return found
    }

    private static func isDefinition(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.count <= maxLength else { return false }
        let body = line.drop { $0 == 0x20 }
        guard body.startIndex - line.startIndex <= 3, body.first == UInt8(ascii: "["),
            let close = body.firstIndex(of: UInt8(ascii: "]")), close - body.startIndex > 1,
            body[close...].dropFirst().first == UInt8(ascii: ":")
        else { return false }
        // A footnote is not a definition.
        return body[body.startIndex + 1] != UInt8(ascii: "^") && body[(close + 2)...].contains { $0 > 0x20 }
    }

    /// What to put before a text, and its number of lines.
    func preamble(for text: [UInt8]) -> (text: [UInt8], lines: Int) {
        if lines.isEmpty || !text.contains(UInt8(ascii: "[")) { return ([], 0) }
        return (Array(lines.joined(separator: "\n".utf8)) + Array("\n\n".utf8), lines.count + 1)
    }
}
