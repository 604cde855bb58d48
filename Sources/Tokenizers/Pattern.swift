/// A regular expression over classified scalars, matched by backtracking without recursion.
///
/// Pre-tokenizers are published as regular expressions, so a row of the table can be identical to the publication.
/// Alternatives are tried in order and repetitions are greedy, as in Perl and Python.
struct Pattern: Sendable {
    /// An instruction of the compiled pattern. Distances are relative to the step itself.
    enum Step: Sendable {
        /// One scalar of a set (an index into `sets`).
        case set(Int)
        /// As many scalars of a set as possible, up to `most`; backtracks one at a time down to `least`.
        case loop(Int, least: Int, most: Int)
        /// Continues with the next step, and if that fails, with the step at this distance.
        case split(Int)
        case jump(Int)
        /// Lookahead: continues after the next `length` steps if those match (or do not match) here.
        case look(isNegative: Bool, length: Int)
        /// The end of the text.
        case end
        case match
    }

    private let steps: [Step]
    private let sets: [ScalarSet]

    init(_ source: String) throws(PatternError) {
        var parser = PatternParser(source)
        steps = try parser.parse()
        sets = parser.sets
    }

    /// Where to continue after a failure: at `step`, with each position from `position` down to `least`.
    struct Choice {
        let step: Int
        var position: Int
        let least: Int
    }

    /// The end of the match that starts at `start`, or nil. The pattern sees nothing beyond `text`; `choices` is scratch
    /// space.
    func match(
        _ text: UnsafeBufferPointer<ClassifiedScalar>, at start: Int, from first: Int = 0, choices: inout [Choice]
    ) -> Int? {
        let bottom = choices.count
        defer { choices.removeLast(choices.count - bottom) }
        var step = first
        var position = start
        while true {
            var isAlive = true
            switch steps[step] {
            case .set(let set):
                isAlive = position < text.count && sets[set].contains(text[position])
                position += 1
                step += 1
            case .loop(let set, let least, let most):
                let set = sets[set]
                let begin = position
                let limit = most < text.count - begin ? begin + most : text.count
                while position < limit, set.contains(text[position]) { position += 1 }
                isAlive = position - begin >= least
                step += 1
                if position - begin > least {
                    choices.append(Choice(step: step, position: position - 1, least: begin + least))
                }
            case .split(let distance):
                choices.append(Choice(step: step + distance, position: position, least: position))
                step += 1
            case .jump(let distance):
                step += distance
            case .look(let isNegative, let length):
                isAlive = (match(text, at: position, from: step + 1, choices: &choices) == nil) == isNegative
                step += 1 + length
            case .end:
                isAlive = position == text.count
                step += 1
            case .match:
                return position
            }
            if isAlive { continue }
            guard choices.count > bottom else { return nil }
            var choice = choices.removeLast()
            step = choice.step
            position = choice.position
            if choice.position > choice.least {
                choice.position -= 1
                choices.append(choice)
            }
        }
    }
}
