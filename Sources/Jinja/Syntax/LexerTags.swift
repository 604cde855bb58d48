/// The inside of `{% %}` and `{{ }}`: names, numbers, strings and symbols.
extension Lexer {
    /// Reads the tokens of a tag whose opening delimiter has been read.
    mutating func readTag(begin: Token.Kind, end: Token.Kind) throws(JinjaError) {
        add(begin)
        var open: [Token.Symbol] = []
        while position < source.count {
            let start = position
            let close = end == .blockEnd ? closingDelimiter(at: start, first: "%") : variableEnd(at: start)
            if open.isEmpty, let close {
                add(end)
                position = close
                finishTag(start)
                return
            }
            if source[start].isPythonSpace {
                position = skipSpace(from: start)
                countLines(start..<position)
            } else if let number = number(at: start) {
                position = number.end
                add(number.kind)
            } else if source[start].isNameStart {
                while position < source.count, source[position].isNamePart { position += 1 }
                add(.name(JinjaString(scalars: Array(source[start..<position]), trusted: true).text))
            } else if source[start] == "'" || source[start] == "\"" {
                try readString()
                countLines(start..<position)
            } else {
                try readSymbol(&open)
            }
        }
    }

    /// The position after `}}` or `-}}`, including whitespace control.
    private func variableEnd(at index: Int) -> Int? {
        if matches("-}}", at: index) { return skipSpace(from: index + 3) }
        return matches("}}", at: index) ? index + 2 : nil
    }

    // MARK: - Symbols

    private static let symbols: [String: Token.Symbol] = Dictionary(
        uniqueKeysWithValues: Token.Symbol.allCases.map { ($0.rawValue, $0) })

    private mutating func readSymbol(_ open: inout [Token.Symbol]) throws(JinjaError) {
        guard let symbol = symbol(length: 2) ?? symbol(length: 1) else {
            let character = String(Character(source[position]))
            throw JinjaError(.syntax, "unexpected character '\(character)'", line: line)
        }
        if let closing = symbol.closing {
            open.append(closing)
        } else if symbol.isClosing {
            guard let expected = open.popLast() else {
                throw JinjaError(.syntax, "unexpected '\(symbol.rawValue)'", line: line)
            }
            guard expected == symbol else {
                throw JinjaError(
                    .syntax, "unexpected '\(symbol.rawValue)', expected '\(expected.rawValue)'", line: line)
            }
        }
        position += symbol.rawValue.utf8.count
        add(.symbol(symbol))
    }

    private func symbol(length: Int) -> Token.Symbol? {
        guard position + length <= source.count else { return nil }
        var spelling = String.UnicodeScalarView()
        spelling.append(contentsOf: source[position..<position + length])
        return Self.symbols[String(spelling)]
    }

    // MARK: - Numbers

    /// A number at `start`: `12`, `1_000`, `0x1f`, `1.5`, `2e-3`.
    private func number(at start: Int) -> (kind: Token.Kind, end: Int)? {
        guard source[start].isASCIIDigit else { return nil }
        if source[start] == "0", let base = radix(at: start + 1) {
            let end = digits(from: start + 2, radix: base)
            if end > start + 2 { return integer(start + 2..<end, radix: base) }
        }
        let integerEnd = digits(from: start, radix: 10)
        let followsDot = start > 0 && source[start - 1] == "."
        var end = integerEnd
        if !followsDot, scalar(at: end) == ".", scalar(at: end + 1)?.isASCIIDigit == true {
            end = digits(from: end + 1, radix: 10)
        }
        if !followsDot, scalar(at: end) == "e" || scalar(at: end) == "E" {
            let hasSign = scalar(at: end + 1) == "-" || scalar(at: end + 1) == "+"
            let exponent = digits(from: end + (hasSign ? 2 : 1), radix: 10)
            if exponent > end + (hasSign ? 2 : 1) { end = exponent }
        }
        guard end > integerEnd else {
            return integer(start..<integerEnd, radix: 10)
        }
        return Double(spelling(start..<end)).map { (.float($0), end) }
    }

    private func integer(_ range: Range<Int>, radix: Int) -> (kind: Token.Kind, end: Int)? {
        Int(spelling(range), radix: radix).map { (.integer($0), range.upperBound) }
    }

    private func spelling(_ range: Range<Int>) -> String {
        String(String.UnicodeScalarView(source[range].filter { $0 != "_" }))
    }

    private func radix(at index: Int) -> Int? {
        switch scalar(at: index) {
        case "x", "X": 16
        case "o", "O": 8
        case "b", "B": 2
        default: nil
        }
    }

    /// The end of a run of digits, which may contain single underscores.
    private func digits(from start: Int, radix: Int) -> Int {
        var end = start
        while let scalar = scalar(at: end) {
            if scalar == "_", end > start, let next = self.scalar(at: end + 1), next.digitValue(radix: radix) != nil {
                end += 2
            } else if scalar.digitValue(radix: radix) != nil {
                end += 1
            } else {
                break
            }
        }
        return end
    }

    // MARK: - Strings

    /// Single-letter escapes, as in Python.
    private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
        "n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", "\"": "\"", "a": "\u{7}", "b": "\u{8}", "f": "\u{c}",
        "v": "\u{b}",
    ]
    /// Escapes that give a scalar as a fixed number of hexadecimal digits.
    private static let hexadecimalEscapes: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]

    private mutating func readString() throws(JinjaError) {
        let quote = source[position]
        var text: [Unicode.Scalar] = []
        position += 1
        while let scalar = scalar(at: position) {
            position += 1
            if scalar == quote {
                add(.string(JinjaString(scalars: text, trusted: true)))
                return
            }
            if scalar == "\\" {
                try readEscape(into: &text)
            } else {
                text.append(scalar)
            }
        }
        throw JinjaError(.syntax, "unclosed string", line: line)
    }

    /// Reads an escape whose backslash has been read. An unknown escape is kept as it is, backslash included.
    private mutating func readEscape(into text: inout [Unicode.Scalar]) throws(JinjaError) {
        guard let letter = scalar(at: position) else { return }
        if let escape = Self.escapes[letter] {
            text.append(escape)
            position += 1
        } else if let length = Self.hexadecimalEscapes[letter] {
            text.append(try readCode(digits: length, from: position + 1, radix: 16, exactly: true))
        } else if letter.digitValue(radix: 8) != nil {
            text.append(try readCode(digits: 3, from: position, radix: 8, exactly: false))
        } else if letter == "\n" {
            position += 1
        } else {
            text.append("\\")
        }
    }

    private mutating func readCode(
        digits: Int, from start: Int, radix: UInt32, exactly: Bool
    ) throws(JinjaError) -> Unicode.Scalar {
        var code: UInt32 = 0
        var end = start
        while end < start + digits, let digit = scalar(at: end)?.digitValue(radix: Int(radix)) {
            code = code * radix + UInt32(digit)
            end += 1
        }
        guard end == start + digits || !exactly, code <= 0x10FFFF else {
            throw JinjaError(.syntax, "incomplete or out-of-range escape in a string", line: line)
        }
        position = end
        // Half of a surrogate pair is not a scalar.
        return Unicode.Scalar(code) ?? "\u{FFFD}"
    }
}
