/// Separates a model's reasoning from its answer while both stream in.
///
/// A tag counts only at the start of a line outside fenced code; elsewhere it is text, and so is a closing tag without
/// an open one. The end mark of a part of the answer counts wherever that part is open. What is still open at the end
/// is reasoning. The result does not depend on how the stream is cut: text that may become a tag is held back, and
/// nothing else is. Blanks around tags belong to neither side.
public struct ReasoningSplitter: Sendable {
    public enum Piece: Sendable, Equatable {
        case text(String)
        case reasoning(String)
    }

    /// The open tag; nil while the model answers.
    public private(set) var openTag: ReasoningTag?

    /// Bytes that are not decided yet.
    private var held: [UInt8] = []
    private var lines = LineTracker()
    private var hasText = false
    private var hasReasoning = false
    private var hasTag: Bool
    /// The mark that ends the current part of the answer.
    private var frameEnd: Mark?
    /// Whether the next word of the answer starts a new part of it.
    private var isNewPart = false
    /// Whether only blanks have come since the tag.
    private var isAtStart = true
    /// Blanks that belong to the text or reasoning only if more of it follows.
    private var blanks: [UInt8] = []
    private var output: [Piece] = []

    /// - Parameter openTag: the tag that the prompt left open, if any.
    public init(openTag: ReasoningTag? = nil) {
        self.openTag = openTag
        hasTag = openTag != nil
    }

    /// Adds the next piece of the stream and returns what is decided.
    public mutating func push(_ text: String) -> [Piece] {
        held += text.utf8
        var position = 0
        scan: while position < held.count {
            switch match(at: position) {
            case .none:
                take(held[position])
                position += 1
            case .mark(let mark):
                apply(mark)
                position += mark.bytes.count
            case .undecided: break scan
            }
        }
        held.removeFirst(position)
        return flush()
    }

    /// Returns the rest when the stream has ended.
    public mutating func finish() -> [Piece] {
        for byte in held { take(byte) }
        held = []
        // A reply of nothing but blanks is text.
        if !hasText, !hasTag { append(blanks[...], isReasoning: false) }
        blanks = []
        return flush()
    }

    /// Splits a reply, or the beginning of one, into reasoning and text.
    public static func split(_ reply: String, openTag: ReasoningTag? = nil) -> (reasoning: String?, text: String) {
        var splitter = ReasoningSplitter(openTag: openTag)
        var reasoning: String?
        var text = ""
        for piece in splitter.push(reply) + splitter.finish() {
            switch piece {
            case .text(let more): text += more
            case .reasoning(let more): reasoning = (reasoning ?? "") + more
            }
        }
        return (reasoning, text)
    }

    // MARK: Tags

    private struct Mark: Sendable {
        enum Meaning: Sendable { case open(ReasoningTag), close, skip, frame(ReasoningTag.Frame), frameEnd }
        let bytes: [UInt8]
        let meaning: Meaning

        init(_ text: String, _ meaning: Meaning) {
            bytes = Array(text.utf8)
            self.meaning = meaning
        }
    }

    private enum Match { case none, mark(Mark), undecided }

    /// The marks that may start a line of the answer.
    private static let inText = ReasoningTag.all.flatMap { tag in
        [Mark(tag.open, .open(tag))] + tag.frames.map { Mark($0.open, .frame($0)) }
    }
    private static let starts = Set(inText.map { $0.bytes[0] })

    private func match(at position: Int) -> Match {
        let candidates: [Mark]
        if let openTag {
            guard held[position] == openTag.close.utf8.first || isAtStart else { return .none }
            candidates = [Mark(openTag.close, .close)] + (isAtStart ? [Mark(openTag.open, .skip)] : [])
        } else {
            let begins = lines.allowsTag && Self.starts.contains(held[position])
            guard begins || frameEnd != nil else { return .none }
            candidates = [frameEnd].compactMap(\.self) + (begins ? Self.inText : [])
        }
        let rest = held[position...]
        if let mark = candidates.first(where: { rest.starts(with: $0.bytes) }) { return .mark(mark) }
        return candidates.contains { $0.bytes.starts(with: rest) } ? .undecided : .none
    }

    private mutating func apply(_ mark: Mark) {
        switch mark.meaning {
        case .open(let tag): openTag = tag
        case .close: openTag = nil
        case .skip: break
        // A frame mark is removed, so a new line begins after it.
        case .frame(let frame):
            frameEnd = frame.close.map { Mark($0, .frameEnd) }
            isNewPart = hasText
        case .frameEnd: frameEnd = nil
        }
        hasTag = true
        isAtStart = true
        blanks = []
        lines = LineTracker()
    }

    // MARK: Text

    private mutating func take(_ byte: UInt8) {
        let isBlank = byte == 0x20 || (0x09...0x0D).contains(byte)
        if openTag != nil {
            if isBlank {
                if !isAtStart { blanks.append(byte) }
                return
            }
            // A second block of reasoning becomes a paragraph of its own.
            if isAtStart, hasReasoning { append([0x0A, 0x0A], isReasoning: true) }
            append(blanks + [byte], isReasoning: true)
            hasReasoning = true
        } else {
            lines.take(byte)
            if isBlank, !hasText {
                // Before the first word, blanks count only if no tag precedes them.
                if !hasTag { blanks.append(byte) }
                return
            }
            if isNewPart {
                if isBlank { return }
                blanks = [0x0A, 0x0A]
                isNewPart = false
            }
            append(blanks + [byte], isReasoning: false)
            hasText = true
        }
        blanks = []
        isAtStart = false
    }

    private var waiting: (bytes: [UInt8], isReasoning: Bool) = ([], false)

    private mutating func append(_ bytes: some Sequence<UInt8>, isReasoning: Bool) {
        if waiting.isReasoning != isReasoning { emit() }
        waiting.isReasoning = isReasoning
        waiting.bytes += bytes
    }

    private mutating func emit() {
        guard !waiting.bytes.isEmpty else { return }
        let text = String(decoding: waiting.bytes, as: UTF8.self)
        output.append(waiting.isReasoning ? .reasoning(text) : .text(text))
        waiting.bytes = []
    }

    private mutating func flush() -> [Piece] {
        emit()
        defer { output = [] }
        return output
    }
}

/// Tracks the position in the lines of a text: whether a tag may start here.
private struct LineTracker: Sendable {
    private var fence: (mark: UInt8, count: Int)?
    /// Whether the line so far is blank.
    private var isBlank = true
    /// The run of ` or ~ at the start of the line.
    private var mark: (byte: UInt8, count: Int)?
    private var isInMark = false
    /// About what follows that run.
    private var restIsBlank = true
    private var restHasBacktick = false

    var allowsTag: Bool { fence == nil && isBlank }

    mutating func take(_ byte: UInt8) {
        switch byte {
        case 0x0A: endLine()
        case 0x20, 0x09, 0x0D: isInMark = false
        case UInt8(ascii: "`") where isBlank, UInt8(ascii: "~") where isBlank:
            (isBlank, isInMark) = (false, true)
            mark = (byte, 1)
        case mark?.byte where isInMark: mark?.count += 1
        default:
            (isBlank, isInMark, restIsBlank) = (false, false, false)
            restHasBacktick = restHasBacktick || byte == UInt8(ascii: "`")
        }
    }

    private mutating func endLine() {
        if let mark, mark.count >= 3 {
            if let open = fence {
                if mark.byte == open.mark, mark.count >= open.count, restIsBlank { fence = nil }
            } else if mark.byte == UInt8(ascii: "~") || !restHasBacktick {
                fence = (mark.byte, mark.count)
            }
        }
        let open = fence
        self = LineTracker()
        fence = open
    }
}
