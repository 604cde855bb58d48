import Chat
import TUI

/// A reply's tokens as the bytes they were written with, to find out which token a character of its layout came from.
///
/// A layout leaves Markdown's marks out and puts bullets, bars and padding in; all else stands in it in the order of the
/// source. So a place in the source goes along with the layout: the next character is expected there, and where it is
/// not, the next few are looked for nearby. What is found nowhere is the layout's own.
struct TokenTrace: Sendable {
    private var bytes: [UInt8] = []
    /// The token of each byte.
    private var owners: [Int32] = []
    /// Tokens that are taken up.
    private(set) var count = 0

    /// Bytes that are searched, on both sides, for characters that are not where they are expected.
    private static let reach = 1024
    /// The same for a few characters, which may stand anywhere.
    private static let shortReach = 64
    /// Characters that have to follow each other where something is looked for.
    private static let proof = 4

    /// Takes up the tokens that have come since. Control tokens are no text.
    mutating func extend(to tokens: [ReplyToken]) {
        for index in count..<max(count, tokens.count) where !tokens[index].chosen.isControl {
            bytes += tokens[index].chosen.bytes
            owners += repeatElement(Int32(index), count: tokens[index].chosen.bytes.count)
        }
        count = max(count, tokens.count)
    }

    /// Where a text begins, behind so many bytes of other text; there where it is not found.
    func start(of text: String, behind skipped: Int) -> Int {
        let beginning = Array(text.utf8.prefix(24))
        let first = min(skipped, bytes.count)
        return (first..<bytes.count).first { bytes[$0...].starts(with: beginning) } ?? first
    }

    /// A line with each character tinted by its token; `place` goes to where the next line is expected.
    func tinted(_ line: StyledLine, from place: inout Int, tint: (Int) -> StyleRole) -> StyledLine {
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
                    token = find(characters[index...], from: &place)
                    isIndent = false
                } else if !isIndent, place < bytes.count, bytes[place] == 0x20 {
                    token = Int(owners[place])
                    place += 1
                }
                result.append(String(character), span.role, link: span.link, tint: token.map(tint))
            }
        }
        return result
    }

    /// The token of the first of these characters. One that several tokens make belongs to the last of them.
    private func find(_ characters: ArraySlice<[UInt8]>, from place: inout Int) -> Int? {
        guard let first = characters.first else { return nil }
        let expected = skippingBlanks(place)
        var found = bytes[expected...].starts(with: first) ? expected : nil
        if found == nil {
            let run = Array(characters.prefix { $0 != [0x20] }.prefix(Self.proof))
            let reach = run.count < Self.proof ? Self.shortReach : Self.reach
            found =
                (expected..<min(expected + reach, bytes.count)).first { stands(run, at: $0) }
                ?? (max(0, expected - reach)..<expected).last { stands(run, at: $0) }
        }
        guard let found else { return nil }
        place = found + first.count
        return Int(owners[place - 1])
    }

    private func stands(_ run: [[UInt8]], at start: Int) -> Bool {
        guard bytes[start] == run[0][0] else { return false }
        var place = start
        for character in run {
            guard bytes[place...].starts(with: character) else { return false }
            place += character.count
        }
        return true
    }

    private func skippingBlanks(_ start: Int) -> Int {
        var place = min(start, bytes.count)
        while place < bytes.count, bytes[place] == 0x20 || (0x09...0x0D).contains(bytes[place]) { place += 1 }
        return place
    }
}

extension StyleRole {
    /// Lines and bars, of which the source has nothing.
    fileprivate var isOrnament: Bool { [.rule, .tableRule, .quoteBar].contains(self) }
}
