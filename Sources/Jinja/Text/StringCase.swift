/// Upper and lower case, lines and words, as in Python's `str`.
extension JinjaString {
    var uppercased: JinjaString { mapScalars(\.uppercase) }
    var lowercased: JinjaString {
        var index = -1
        return mapScalars { scalar in
            index += 1
            return scalar == "Σ" && endsWord(at: index) ? "ς" : scalar.lowercase
        }
    }

    /// `str.capitalize()`: the first letter in title case, the rest in lower case.
    var capitalized: JinjaString {
        guard !isEmpty else { return self }
        return slice(0..<1).mapScalars(\.titlecase) + slice(1..<count).lowercased
    }

    /// `str.title()`: letters after an uncased character in title case, others in lower case.
    var titlecased: JinjaString {
        var followsCased = false
        return mapScalars { scalar in
            defer { followsCased = scalar.isCased }
            return followsCased ? scalar.lowercase : scalar.titlecase
        }
    }

    /// `str.isupper()`: at least one cased scalar, and none in lower case.
    var isUppercase: Bool { scalars.contains(where: \.isUppercase) && !scalars.contains(where: \.isLowercase) }
    /// `str.islower()`: at least one cased scalar, and none in upper case.
    var isLowercase: Bool { scalars.contains(where: \.isLowercase) && !scalars.contains(where: \.isUppercase) }

    /// Whether the sigma at `index` ends a word: a cased letter before it, none after it.
    private func endsWord(at index: Int) -> Bool {
        let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
        let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
        return before?.isCased == true && after?.isCased != true
    }

    // MARK: - Lines and words

    /// The lines: where each starts and ends, and where the next one starts. A final line break adds no empty line.
    var lineRanges: [(start: Int, end: Int, next: Int)] {
        var lines: [(start: Int, end: Int, next: Int)] = []
        var start = 0
        var position = 0
        while position < count {
            let scalar = scalars[position]
            position += 1
            guard scalar.isLineBreak else { continue }
            let end = position - 1
            if scalar == "\r", position < count, scalars[position] == "\n" { position += 1 }
            lines.append((start, end, position))
            start = position
        }
        if start < count { lines.append((start, count, count)) }
        return lines
    }

    /// The lines, including an empty one if the text ends with a line break.
    var lines: [JinjaString] {
        let ranges = lineRanges
        let lines = ranges.map { slice($0.start..<$0.end) }
        let endsWithBreak = ranges.last.map { $0.end < $0.next } ?? true
        return endsWithBreak ? lines + [JinjaString()] : lines
    }

    /// Splits at white space, at most `splits` times; the last part is the rest of the text.
    func words(splits: Int) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var position = 0
        while true {
            while position < count, scalars[position].isPythonSpace { position += 1 }
            guard position < count else { return words }
            if words.count == splits { return words + [position..<count] }
            let start = position
            while position < count, !scalars[position].isPythonSpace { position += 1 }
            words.append(start..<position)
        }
    }

    /// Splits at white space from the right, at most `splits` times; the first part is the rest of the text.
    func lastWords(splits: Int) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var position = count
        while true {
            while position > 0, scalars[position - 1].isPythonSpace { position -= 1 }
            guard position > 0 else { return words.reversed() }
            if words.count == splits { return [0..<position] + words.reversed() }
            let end = position
            while position > 0, !scalars[position - 1].isPythonSpace { position -= 1 }
            words.append(position..<end)
        }
    }
}

extension Unicode.Scalar {
    var uppercase: String { properties.uppercaseMapping }
    var lowercase: String { properties.lowercaseMapping }
    var titlecase: String { properties.titlecaseMapping }
}
