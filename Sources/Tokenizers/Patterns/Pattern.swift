/// A regular expression over classified scalars, matched by backtracking.
///
/// Pre-tokenizers are published as regular expressions, so a row of the table can be identical to the publication.
/// Alternatives are tried in order, as in Perl and Python.
struct Pattern: Sendable {
    /// An instruction of the compiled pattern. Distances are relative to the step itself.
    enum Step: Sendable {
        /// One scalar of a set (an index into `sets`).
        case set(Int)
        /// As many scalars of a set as possible, up to `most`; backtracks one at a time down to `least`, unless it is
        /// possessive.
        case loop(Int, least: Int, most: Int, isPossessive: Bool)
        /// Continues with the next step, and if that fails, with the step at this distance.
        case split(Int)
        /// Continues with the step at this distance, and if that fails, with the next one.
        case lazySplit(Int)
        case jump(Int)
        /// Lookahead: continues after the next `length` steps if those match (or do not match) here.
        case look(isNegative: Bool, length: Int)
        /// The same for a match of these numbers of scalars that ends here.
        case lookBehind(isNegative: Bool, least: Int, most: Int, length: Int)
        /// Continues where the first match of the next `length` steps ends, without other ways to match them.
        case atomic(length: Int)
        case anchor(Anchor)
        case match
    }

    /// A condition on a position.
    enum Anchor: Sendable {
        case textStart, textEnd, textEndOrLastBreak, lineStart, lineEnd, wordBoundary, noWordBoundary
    }

    private let steps: [Step]
    private let sets: [ScalarSet]

    init(_ source: String, _ syntax: PatternSyntax = .table) throws(PatternError) {
        var parser = PatternParser(source, syntax)
        steps = try parser.parse()
        sets = parser.sets
    }

    /// A pattern that matches just this text.
    init(literal: [UInt32]) {
        steps = literal.indices.map { .set($0) } + [.match]
        sets = literal.map { ScalarSet(ranges: [$0...$0]) }
    }

    /// Where to continue after a failure: at `step`, with each position from `position` down to `least`.
    fileprivate struct Choice {
        let step: Int
        var position: Int
        let least: Int
    }

    /// Memory for matching, and the work that is still allowed: a pattern from a file can need exponential time.
    struct Scratch {
        fileprivate var choices: [Choice] = []
        fileprivate var work: Int

        /// For texts of `length` scalars in all. Published patterns need less than a hundred steps for each scalar. When
        /// the work is used up, nothing matches any more.
        init(length: Int) {
            work = 1_000_000 + 2_000 * length
        }
    }

    /// The end of the match that starts at `start`, or nil. The pattern sees nothing beyond `text`.
    func match(
        _ text: UnsafeBufferPointer<ClassifiedScalar>, at start: Int, _ scratch: inout Scratch
    ) -> Int? {
        match(text, at: start, from: 0, endingAt: nil, &scratch)
    }

    /// - Parameter end: where the match must end.
    private func match(
        _ text: UnsafeBufferPointer<ClassifiedScalar>, at start: Int, from first: Int, endingAt end: Int?,
        _ scratch: inout Scratch
    ) -> Int? {
        let bottom = scratch.choices.count
        defer { scratch.choices.removeLast(scratch.choices.count - bottom) }
        var step = first
        var position = start
        while true {
            scratch.work -= 1
            guard scratch.work > 0 else { return nil }
            var isAlive = true
            switch steps[step] {
            case .set(let set):
                isAlive = position < text.count && sets[set].contains(text[position])
                position += 1
                step += 1
            case .loop(let set, let least, let most, let isPossessive):
                let begin = position
                position = run(of: sets[set], in: text, from: begin, most: most)
                scratch.work -= position - begin
                isAlive = position - begin >= least
                step += 1
                if !isPossessive, position - begin > least {
                    scratch.choices.append(Choice(step: step, position: position - 1, least: begin + least))
                }
            case .split(let distance):
                scratch.choices.append(Choice(step: step + distance, position: position, least: position))
                step += 1
            case .lazySplit(let distance):
                scratch.choices.append(Choice(step: step + 1, position: position, least: position))
                step += distance
            case .jump(let distance):
                step += distance
            case .look(let isNegative, let length):
                let found = match(text, at: position, from: step + 1, endingAt: nil, &scratch)
                isAlive = (found == nil) == isNegative
                step += 1 + length
            case .lookBehind(let isNegative, let least, let most, let length):
                let found = (least...most).contains {
                    $0 <= position
                        && match(text, at: position - $0, from: step + 1, endingAt: position, &scratch) != nil
                }
                isAlive = found != isNegative
                step += 1 + length
            case .atomic(let length):
                let found = match(text, at: position, from: step + 1, endingAt: nil, &scratch)
                isAlive = found != nil
                position = found ?? position
                step += 1 + length
            case .anchor(let anchor):
                isAlive = anchor.holds(in: text, at: position)
                step += 1
            case .match:
                if end == nil || position == end { return position }
                isAlive = false
            }
            if isAlive { continue }
            guard scratch.choices.count > bottom else { return nil }
            var choice = scratch.choices.removeLast()
            step = choice.step
            position = choice.position
            if choice.position > choice.least {
                choice.position -= 1
                scratch.choices.append(choice)
            }
        }
    }

    /// The end of the run of scalars of a set from `start` on, at most `most`.
    @inline(__always)
    private func run(
        of set: ScalarSet, in text: UnsafeBufferPointer<ClassifiedScalar>, from start: Int, most: Int
    ) -> Int {
        let limit = most < text.count - start ? start + most : text.count
        var position = start
        while position < limit, set.contains(text[position]) { position += 1 }
        return position
    }
}

extension Pattern.Anchor {
    fileprivate func holds(in text: UnsafeBufferPointer<ClassifiedScalar>, at position: Int) -> Bool {
        func isBreak(_ index: Int) -> Bool { text[index].value == 0x0A }
        func isWord(_ index: Int) -> Bool { text.indices.contains(index) && WordCharacters.set.contains(text[index]) }
        switch self {
        case .textStart: return position == 0
        case .textEnd: return position == text.count
        case .textEndOrLastBreak:
            return position == text.count || position == text.count - 1 && isBreak(position)
        // An empty last line is none.
        case .lineStart: return position == 0 || position < text.count && isBreak(position - 1)
        case .lineEnd: return position == text.count || isBreak(position)
        case .wordBoundary: return isWord(position - 1) != isWord(position)
        case .noWordBoundary: return isWord(position - 1) == isWord(position)
        }
    }
}

/// The characters of words: letters, marks, digits and connectors.
enum WordCharacters {
    static let classes =
        ["M", "Nd", "Pc"].reduce(ClassifiedScalar.alphabeticClass) { $0 | (CategoryClasses.mask($1) ?? 0) }
    /// As `\w` outside sets, Oniguruma also counts `²`, `³`, `¹`, `¼`, `½` and `¾`.
    static let oddities: [ClosedRange<UInt32>] = [0xB2...0xB3, 0xB9...0xB9, 0xBC...0xBE]
    static let set = ScalarSet(ranges: oddities, classes: classes)
    /// The `regex` crate does not, but counts the two characters that join others.
    static let withJoiners = ScalarSet(ranges: [0x200C...0x200D], classes: classes)
}
