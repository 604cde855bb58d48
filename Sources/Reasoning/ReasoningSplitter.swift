/// Separates what a model thinks from what it answers while both stream in.
///
/// A tag counts where it begins a line outside fenced code; anywhere else it is text, and so is a closing tag that
/// closes nothing. The end of a part of the answer counts wherever such a part has begun. What is left open at the end
/// stays reasoning. However the stream is cut, the same comes out: text that may yet become a tag is held back, and only
/// that. Blanks around the tags belong to neither side.
public struct ReasoningSplitter: Sendable {
    public enum Piece: Sendable, Equatable {
        case text(String)
        case reasoning(String)
    }

    /// The tag that is open; nil while the model answers.
    public private(set) var openTag: ReasoningTag?

    /// Bytes that are not decided yet.
    private var held: [UInt8] = []
    private var lines = LineTracker()
    private var hasText = false
    private var hasReasoning = false
    private var hasTag: Bool
    /// What ends the part of the answer that was begun.
    private var frameEnd: Mark?
    /// The next word of the answer begins another part of it.
    private var isNewPart = false
    /// Nothing but blanks has come since the tag.
    private var isAtStart = true
    /// Blanks that belong to the text or the reasoning only if more of it follows.
    private var blanks: [UInt8] = []
    private var output: [Piece] = []

    /// - Parameter openTag: the one that the prompt left open, for the model to think on.
    public init(openTag: ReasoningTag? = nil) {
        self.openTag = openTag
        hasTag = openTag != nil
    }

    /// Takes the next piece of the stream and returns what is certain.
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

    /// The rest, when the stream has ended.
    public mutating func finish() -> [Piece] {
        for byte in held { take(byte) }
        held = []
        // A reply of blanks alone is what the model said.
        if !hasText, !hasTag { append(blanks[...], isReasoning: false) }
        blanks = []
        return flush()
    }

    /// The beginning of a reply in its two parts.
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

    /// What may stand where an answer's line begins.
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
        // Where an answer's frame is left out, its line begins anew.
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
            // A second block of thoughts is a paragraph of its own.
            if isAtStart, hasReasoning { append([0x0A, 0x0A], isReasoning: true) }
            append(blanks + [byte], isReasoning: true)
            hasReasoning = true
        } else {
            lines.take(byte)
            if isBlank, !hasText {
                // Before the first word blanks count only where no tag came before them.
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

/// Where in its lines a text is: whether a tag may begin here.
private struct LineTracker: Sendable {
    private var fence: (mark: UInt8, count: Int)?
    /// The line so far is blank.
    private var isBlank = true
    /// The run of ` or ~ that the line begins with.
    private var mark: (byte: UInt8, count: Int)?
    private var isInMark = false
    /// What follows that run.
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
