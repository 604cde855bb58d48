import Chat
import Replies
import TUI

/// A reply's tokens as bytes, to find the token that a character of the reply's layout came from.
///
/// A layout leaves out Markdown's marks and adds bullets, bars and padding; everything else is in the order of the
/// source. So a position in the source moves along with the layout: the next character is expected there, and if it is
/// not, the next few are searched for nearby. What is not found was added by the layout.
struct TokenTrace: Sendable {
    private var bytes: [UInt8] = []
    /// The token of each byte.
    private var owners: [Int32] = []
    /// The number of tokens added.
    private(set) var count = 0

    /// Bytes to search in both directions for characters that are not where they are expected.
    private static let reach = 1024
    /// The same for very few characters, which occur everywhere.
    private static let shortReach = 64
    /// Characters that must match in sequence in a search.
    private static let proof = 4

    /// Adds the tokens that have come since. Control tokens have no text.
    mutating func extend(to tokens: [ReplyToken]) {
        for index in count..<max(count, tokens.count) where !tokens[index].chosen.isControl {
            bytes += tokens[index].chosen.bytes
            owners += repeatElement(Int32(index), count: tokens[index].chosen.bytes.count)
        }
        count = max(count, tokens.count)
    }

    /// Where a text begins after at least `skipped` bytes of other text; that position if it is not found.
    func start(of text: String, behind skipped: Int) -> Int {
        let beginning = Array(text.utf8.prefix(24))
        let first = min(skipped, bytes.count)
        return (first..<bytes.count).first { bytes[$0...].starts(with: beginning) } ?? first
    }

    /// A line with each character tinted by its token; `position` moves to where the next line is expected.
    func tinted(_ line: StyledLine, from position: inout Int, tint: (Int) -> StyleRole) -> StyledLine {
        var result = StyledLine()
        var isIndent = true
        for span in line.spans {
            guard !span.role.isOrnament else {
                result.append(span.text, span.role, link: span.link)
                continue
            }
            let characters = span.text.map { Array($0.utf8) }
            for (index, character) in zip(characters.indices, span.text) {
                var token: Int?
                if character != " " {
                    token = find(characters[index...], from: &position)
                    isIndent = false
                } else if !isIndent, position < bytes.count, bytes[position] == 0x20 {
                    token = Int(owners[position])
                    position += 1
                }
                result.append(String(character), span.role, link: span.link, tint: token.map(tint))
            }
        }
        return result
    }

    /// The token of the first of these characters. A character made of several tokens belongs to the last of them.
    private func find(_ characters: ArraySlice<[UInt8]>, from position: inout Int) -> Int? {
        guard let first = characters.first else { return nil }
        let expected = skippingBlanks(position)
        var found = bytes[expected...].starts(with: first) ? expected : nil
        if found == nil {
            let run = Array(characters.prefix { $0 != [0x20] }.prefix(Self.proof))
            let reach = run.count < Self.proof ? Self.shortReach : Self.reach
            found =
                (expected..<min(expected + reach, bytes.count)).first { matches(run, at: $0) }
                ?? (max(0, expected - reach)..<expected).last { matches(run, at: $0) }
        }
        guard let found else { return nil }
        position = found + first.count
        return Int(owners[position - 1])
    }

    private func matches(_ run: [[UInt8]], at start: Int) -> Bool {
        guard bytes[start] == run[0][0] else { return false }
        var position = start
        for character in run {
            guard bytes[position...].starts(with: character) else { return false }
            position += character.count
        }
        return true
    }

    private func skippingBlanks(_ start: Int) -> Int {
        var position = min(start, bytes.count)
        while position < bytes.count, bytes[position] == 0x20 || (0x09...0x0D).contains(bytes[position]) {
            position += 1
        }
        return position
    }
}

extension StyleRole {
    /// Lines and bars, which are not in the source.
    fileprivate var isOrnament: Bool { [.rule, .tableRule, .quoteBar].contains(self) }
}
