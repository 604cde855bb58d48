import TUI

/// A position in a line of code, and the spans before it.
struct LineScanner {
    let bytes: [UInt8]
    private(set) var position = 0
    private var runs: [(end: Int, role: StyleRole)] = []
    /// The word before the position, if only blanks are between.
    private var lastWord = ""
    /// Whether the first word of a command may be here.
    private var isAtCommand = true

    /// The number of blanks that the line begins with.
    let indent: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        indent = bytes.prefix { $0 == 0x20 || $0 == 0x09 }.count
    }

    var isAtEnd: Bool { position >= bytes.count }
    var isBlank: Bool { indent == bytes.count }
    var next: UInt8 { position < bytes.count ? bytes[position] : 0 }
    private var previous: UInt8 { position > 0 ? bytes[position - 1] : 0x20 }
    private var isAtLineStart: Bool { position <= indent }

    var spans: [StyledLine.Span] {
        var start = 0
        return runs.map { run in
            defer { start = run.end }
            return .init(String(decoding: bytes[start..<run.end], as: UTF8.self), run.role)
        }
    }

    // MARK: Taking

    mutating func take(_ count: Int, _ role: StyleRole) {
        guard count > 0 else { return }
        let end = min(position + count, bytes.count)
        if let last = runs.indices.last, runs[last].role == role {
            runs[last].end = end
        } else {
            runs.append((end, role))
        }
        if role != .codeBlock || !bytes[position..<end].allSatisfy({ $0 <= 0x20 }) { lastWord = "" }
        position = end
    }

    mutating func takeRest(_ role: StyleRole) { take(bytes.count - position, role) }

    /// Changes the role of what was taken since `start`.
    mutating func changeRole(from start: Int, _ role: StyleRole) {
        while let last = runs.last, last.end > start { runs.removeLast() }
        if runs.last.map({ $0.end < start }) ?? (start > 0) { runs.append((start, .codeBlock)) }
        runs.append((position, role))
    }

    // MARK: Looking

    func has(_ mark: [UInt8]) -> Bool { bytes[position...].starts(with: mark) }

    func isAt(comments: [Language.LineComment]) -> Bool {
        comments.contains { has($0.open) && (!$0.needsBlank || previous <= 0x20) }
    }

    /// The word that starts here, by the rules of the language.
    func word(_ language: Language) -> String {
        String(decoding: bytes[position..<wordEnd(language)], as: UTF8.self)
    }

    private func wordEnd(_ language: Language) -> Int {
        guard position < bytes.count, bytes[position].beginsWord else { return position }
        var end = position + 1
        while end < bytes.count, bytes[end].isInWord || language.innerWordBytes.contains(bytes[end]) { end += 1 }
        return end
    }

    var isBeforeColon: Bool { bytes[position...].drop { $0 <= 0x20 }.first == UInt8(ascii: ":") }

    func begins(_ region: Language.Region, _ language: Language) -> Bool {
        guard has(region.open) else { return false }
        if let word = region.after, word != lastWord { return false }
        if region.head != nil {
            let after = position + region.open.count
            return after < bytes.count && bytes[after].beginsWord
        }
        return !region.isCharacter || isCharacter(region)
    }

    /// Whether one character or one escape is between the marks.
    private func isCharacter(_ region: Language.Region) -> Bool {
        let start = position + region.open.count
        guard start < bytes.count else { return false }
        if bytes[start] == region.escape { return bytes[start...].prefix(14).dropFirst(2).contains(region.close[0]) }
        let end = bytes[(start + 1)...].firstIndex { $0 & 0xC0 != 0x80 }
        return end.map { bytes[$0] == region.close[0] && bytes[start] != region.close[0] } ?? false
    }

    func begins(_ sigil: Language.Sigil, _ language: Language) -> Bool {
        guard has(sigil.mark), !sigil.isAtLineStart || isAtLineStart, !sigil.needsBlank || previous <= 0x20
        else { return false }
        let after = bytes[(position + sigil.mark.count)...].drop { sigil.isAtLineStart && $0 == 0x20 }
        return after.first.map { $0.beginsWord || sigil.role == .syntaxVariable && $0.isInWord } == true
    }

    /// The length of a regular expression that starts here.
    var regexLength: Int? {
        guard next == UInt8(ascii: "/"), position + 1 < bytes.count, bytes[position + 1] > 0x20 else { return nil }
        let before = bytes[..<position].last { $0 > 0x20 }
        guard before.map({ "(,=:[!&|?{};+~".utf8.contains($0) }) ?? true || ["return", "case"].contains(lastWord) else {
            return nil
        }
        var isInSet = false
        var index = position + 1
        let end = min(bytes.count, position + Self.longestRegex)
        while index < end {
            switch bytes[index] {
            case UInt8(ascii: "\\"): index += 1
            case UInt8(ascii: "["): isInSet = true
            case UInt8(ascii: "]"): isInSet = false
            case UInt8(ascii: "/") where !isInSet:
                return index + 1 + bytes[(index + 1)...].prefix(while: \.isInWord).count - position
            default: break
            }
            index += 1
        }
        return nil
    }

    /// Bytes. Without a limit, a line of `/[` would be searched to its end for each of them.
    private static let longestRegex = 1000

    /// Whether the line ends with the indicator of a block scalar.
    var beginsBlockScalar: Bool {
        let body = bytes.reversed().drop { $0 <= 0x20 }
        let mark = body.drop { "+-123456789".utf8.contains($0) }
        guard let last = mark.first, "|>".utf8.contains(last), body.count - mark.count <= 2 else { return false }
        return mark.dropFirst().first.map { $0 <= 0x20 } ?? true
    }

    // MARK: Words

    mutating func takeSigil(_ sigil: Language.Sigil, _ language: Language) {
        let start = position
        let blanks = bytes[(start + sigil.mark.count)...].prefix { sigil.isAtLineStart && $0 == 0x20 }.count
        take(sigil.mark.count + blanks, sigil.role)
        let word = word(language)
        take(max(word.utf8.count, word.isEmpty ? bytes[position...].prefix(while: \.isInWord).count : 0), sigil.role)
        lastWord = word
        isAtCommand = false
    }

    mutating func takeWordOrNumber(_ language: Language) {
        if next.isDigit { return takeNumber(language) }
        let end = wordEnd(language)
        guard end > position else {
            if language.firstWordIsCommand, next > 0x20 { isAtCommand = "|;&({`!".utf8.contains(next) }
            return take(max(1, bytes[position...].prefix { $0 <= 0x20 }.count), .codeBlock)
        }
        let word = String(decoding: bytes[position..<end], as: UTF8.self)
        take(end - position, role(of: word, end: end, language))
        lastWord = word
        let isKeyword = language.words[word] == .syntaxKeyword
        isAtCommand = isAtCommand && isKeyword
    }

    private func role(of word: String, end: Int, _ language: Language) -> StyleRole {
        let follower = end < bytes.count ? bytes[end] : 0x20
        if follower == UInt8(ascii: "\"") || follower == UInt8(ascii: "'"),
            language.stringPrefixes.contains(word.lowercased())
        {
            return .syntaxString
        }
        if let role = language.words[language.ignoresCase ? word.lowercased() : word] { return role }
        if let role = language.otherWords { return role }
        if language.colons == .wordsAndStrings, bytes[end...].drop(while: { $0 <= 0x20 }).first == UInt8(ascii: ":") {
            return .syntaxProperty
        }
        if language.firstWordIsCommand, isAtCommand {
            return follower == UInt8(ascii: "=") ? .syntaxVariable : .syntaxFunction
        }
        if language.capitalsMeanTypes, let first = word.utf8.first, (0x41...0x5A).contains(first) {
            let hasLowercase = word.utf8.contains { (0x61...0x7A).contains($0) }
            return hasLowercase || word.utf8.count == 1 ? .syntaxType : .syntaxConstant
        }
        return language.bracketsMeanCalls && follower == UInt8(ascii: "(") ? .syntaxFunction : .codeBlock
    }

    private mutating func takeNumber(_ language: Language) {
        var end = position + 1
        while end < bytes.count {
            let byte = bytes[end]
            let hasDigitAfter = end + 1 < bytes.count && bytes[end + 1].isDigit
            let isSigned =
                "+-".utf8.contains(byte) && "eEpP".utf8.contains(bytes[end - 1]) && hasDigitAfter
                && bytes[position..<min(position + 2, bytes.count)] != [0x30, 0x78]
            let joins = (byte == UInt8(ascii: ".") || byte == UInt8(ascii: "'")) && hasDigitAfter
            guard byte.isInWord && byte < 0x80 || isSigned || joins || language.unitBytes.contains(byte) else { break }
            end += 1
        }
        take(end - position, .syntaxNumber)
    }

    // MARK: Rules of particular languages

    /// `<<WORD`, `<<-WORD`, `<<'WORD'`: returns the word that ends the document.
    mutating func takeHereDocument() -> [UInt8]? {
        guard has(Array("<<".utf8)), !has(Array("<<<".utf8)) else { return nil }
        var index = position + 2
        if index < bytes.count, bytes[index] == UInt8(ascii: "-") { index += 1 }
        while index < bytes.count, bytes[index] == 0x20 { index += 1 }
        let quote = index < bytes.count && "'\"".utf8.contains(bytes[index]) ? bytes[index] : nil
        if quote != nil { index += 1 }
        let word = Array(bytes[min(index, bytes.count)...].prefix(while: \.isInWord).prefix(100))
        guard !word.isEmpty else { return nil }
        take(index + word.count + (quote == nil ? 0 : 1) - position, .syntaxKeyword)
        return word
    }

    /// `key:` at the start of a line, after list markers.
    mutating func takeKey(_ language: Language) {
        var start = indent
        while start + 1 < bytes.count, bytes[start] == UInt8(ascii: "-"), bytes[start + 1] == 0x20 {
            start += 1 + bytes[(start + 1)...].prefix { $0 == 0x20 }.count
        }
        guard start < bytes.count,
            bytes[start].beginsWord || bytes[start].isDigit || "\"'/.$".utf8.contains(bytes[start])
        else { return }
        var index = start
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: ":"), index + 1 == bytes.count || bytes[index + 1] <= 0x20 { break }
            if bytes[index] == UInt8(ascii: "#"), bytes[index - 1] <= 0x20 { return }
            index += 1
        }
        guard index < bytes.count else { return }
        take(start, .codeBlock)
        take(index - start, .syntaxProperty)
        take(1, .codeBlock)
    }
}

extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }
    fileprivate var beginsWord: Bool {
        (0x61...0x7A).contains(self | 0x20) || self == UInt8(ascii: "_") || self >= 0x80
    }
    fileprivate var isInWord: Bool { beginsWord || isDigit }
}
