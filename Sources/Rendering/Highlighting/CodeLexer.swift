import TUI

/// Splits code into spans with roles, line by line. What a line leaves open (a comment, a string, a here-document)
/// continues in the next.
///
/// It knows words, marks and brackets, not grammars: it accepts any input, in time proportional to its length.
public struct CodeLexer: Sendable {
    /// An open construct; the innermost is last.
    private enum Frame: Sendable {
        /// `depth` counts nested openings, `head` is the word after the opening mark.
        case region(Language.Region, depth: Int, head: String)
        case hereDocument(terminator: [UInt8])
        /// Lines indented further than this.
        case blockScalar(indent: Int)
    }

    private static let maxDepth = 32

    private let lexicon: Lexicon?
    private var frames: [Frame] = []
    /// Here-documents that start on the next line.
    private var pendingHereDocuments: [[UInt8]] = []

    /// - Parameter language: the name after the fence; code in an unknown language is not highlighted.
    public init(language: String) { lexicon = Languages.named(language) }

    /// Splits the next line, without its line end, into spans.
    public mutating func spans(of line: String) -> [StyledLine.Span] {
        guard let language = lexicon?.language else { return line.isEmpty ? [] : [.init(line, .codeBlock)] }
        var scanner = LineScanner(Array(line.utf8))
        if let rule = language.lines.first(where: { scanner.bytes.starts(with: $0.start) }) {
            return [.init(line, rule.role)]
        }
        if case .hereDocument(let terminator)? = frames.last {
            let isEnd = scanner.bytes.drop { $0 == 0x09 }.elementsEqual(terminator)
            if isEnd { frames.removeLast() }
            return line.isEmpty ? [] : [.init(line, isEnd ? .syntaxKeyword : .syntaxString)]
        }
        if case .blockScalar(let indent)? = frames.last {
            if scanner.indent > indent || scanner.isBlank { return line.isEmpty ? [] : [.init(line, .syntaxString)] }
            frames.removeLast()
        }
        if language.colons == .lineStarts, frames.isEmpty { scanner.takeKey(language) }
        while !scanner.isAtEnd { step(&scanner) }
        closeLine(scanner, language)
        return scanner.spans
    }

    /// The language of the innermost region; nil if it is plain text.
    private var current: Lexicon? {
        guard case .region(let region, _, _)? = frames.last else { return lexicon }
        return region.inside.flatMap(Languages.named)
    }

    private mutating func step(_ scanner: inout LineScanner) {
        if case .region(let region, let depth, let head)? = frames.last {
            if region.inside == nil { return takePlain(region, depth: depth, &scanner) }
            if scanner.has(region.close) {
                scanner.take(region.close.count, region.role)
                frames.removeLast()
                if let body = region.bodies[head] {
                    let end = Array("</\(head)".utf8)
                    push(
                        .region(
                            Language.Region(open: [], close: end, role: .syntaxTag, spansLines: true, inside: body),
                            depth: 1,
                            head: ""))
                }
                return
            }
        }
        guard let lexicon = current else { return scanner.takeRest(.codeBlock) }
        let language = lexicon.language
        guard lexicon.mayBegin(scanner.next) else { return scanner.takeWordOrNumber(language) }
        if scanner.isAt(comments: language.lineComments) { return scanner.takeRest(.syntaxComment) }
        if let region = language.regions.first(where: { scanner.begins($0, language) }) {
            return open(region, language, &scanner)
        }
        if language.hasHereDocuments, let terminator = scanner.takeHereDocument() {
            if pendingHereDocuments.count < 8 { pendingHereDocuments.append(terminator) }
            return
        }
        if language.hasRegexLiterals, let end = scanner.regexLength { return scanner.take(end, .syntaxString) }
        if let sigil = language.sigils.first(where: { scanner.begins($0, language) }) {
            return scanner.takeSigil(sigil, language)
        }
        scanner.takeWordOrNumber(language)
    }

    private mutating func push(_ frame: Frame) {
        if frames.count < Self.maxDepth { frames.append(frame) }
    }

    private mutating func open(_ region: Language.Region, _ language: Language, _ scanner: inout LineScanner) {
        let start = scanner.position
        scanner.take(region.open.count, region.role)
        var head = ""
        if let role = region.head {
            head = scanner.word(language).lowercased()
            scanner.take(head.utf8.count, role)
        }
        push(.region(region, depth: 1, head: head))
        guard region.inside == nil, language.colons == .wordsAndStrings, region.role == .syntaxString else { return }
        takePlain(region, depth: 1, &scanner)
        if scanner.isBeforeColon { scanner.changeRole(from: start, .syntaxProperty) }
    }

    /// Consumes text up to the closing mark.
    private mutating func takePlain(_ region: Language.Region, depth: Int, _ scanner: inout LineScanner) {
        var depth = depth
        var end = scanner.position
        let bytes = scanner.bytes
        while end < bytes.count {
            if bytes[end] == region.escape {
                end += 2
            } else if bytes[end...].starts(with: region.close) {
                end += region.close.count
                depth -= 1
                if depth == 0 { break }
            } else if region.nests, bytes[end...].starts(with: region.open) {
                end += region.open.count
                depth += 1
            } else {
                end += 1
            }
        }
        scanner.take(min(end, bytes.count) - scanner.position, region.role)
        frames.removeLast()
        if depth > 0 { frames.append(.region(region, depth: depth, head: "")) }
    }

    /// Closes what cannot continue on the next line, and opens what starts there.
    private mutating func closeLine(_ scanner: LineScanner, _ language: Language) {
        while case .region(let region, _, _)? = frames.last, !region.spansLines {
            // In C, a backslash at the end continues a line, even in a string.
            if region.escape == UInt8(ascii: "\\"), scanner.bytes.last == UInt8(ascii: "\\") { break }
            frames.removeLast()
        }
        for terminator in pendingHereDocuments.reversed() { push(.hereDocument(terminator: terminator)) }
        pendingHereDocuments = []
        if language.hasBlockScalars, scanner.beginsBlockScalar { push(.blockScalar(indent: scanner.indent)) }
    }
}
