import UTF8Text

/// What the bytes after an Esc are.
enum EscapeSequence: Equatable {
    /// Its end has not arrived yet.
    case incomplete
    /// A key, or nil for a sequence that is none: a reply of the terminal, or a key without meaning here.
    case key(Key?, length: Int)
    case pasteStart(length: Int)

    /// Longer ones are given up.
    private static let maxLength = 4096
    private static let escape: UInt8 = 0x1B, bell: UInt8 = 0x07

    /// Reads the sequence at the beginning of the bytes, which is an Esc.
    ///
    /// - Parameter terminal: further sequences of this terminal, by their bytes.
    init(_ bytes: ArraySlice<UInt8>, terminal: [[UInt8]: Key]) {
        guard let second = bytes.dropFirst().first else {
            self = .incomplete
            return
        }
        switch second {
        case Self.escape: self = Self.afterTwoEscapes(bytes, terminal)
        case UInt8(ascii: "["): self = Self.control(bytes, terminal)
        case UInt8(ascii: "O"): self = Self.singleShift(bytes, terminal)
        case _ where Self.beginsString(second): self = Self.string(bytes)
        default: self = Self.alt(bytes)
        }
    }

    /// "]", "P", "_", "^" and "X" introduce replies of the terminal, such as its background colour (ECMA-48, 5.6).
    static func beginsString(_ byte: UInt8) -> Bool { "]P_^X".utf8.contains(byte) }

    /// Some terminals send a key with Alt as Esc before the key's own sequence; otherwise Esc was pressed twice.
    private static func afterTwoEscapes(_ bytes: ArraySlice<UInt8>, _ terminal: [[UInt8]: Key]) -> EscapeSequence {
        guard let third = bytes.dropFirst(2).first else { return .incomplete }
        guard third == UInt8(ascii: "[") || third == UInt8(ascii: "O") else { return .key(.escape, length: 1) }
        switch EscapeSequence(bytes.dropFirst(), terminal: terminal) {
        case .incomplete: return .incomplete
        case .key(let key, let length): return .key(key.map { .alt($0) }, length: length + 1)
        case .pasteStart: return .key(.escape, length: 1)
        }
    }

    /// Terminals send Alt as Esc directly followed by the key.
    private static func alt(_ bytes: ArraySlice<UInt8>) -> EscapeSequence {
        let rest = bytes.dropFirst()
        guard let first = rest.first, first >= 0x80 else {
            return .key(rest.first.flatMap(TextKeys.key).map { .alt($0) }, length: 2)
        }
        // The character's length is what makes it complete.
        for length in 1...4 where length <= rest.count {
            let piece = rest.prefix(length)
            if piece.incompleteUTF8Tail == length { continue }
            let character = String(decoding: piece, as: UTF8.self).unicodeScalars.first ?? "\u{FFFD}"
            return .key(.alt(.character(Character(character))), length: length + 1)
        }
        return .incomplete
    }

    /// Parameters, intermediate bytes, and the final byte (ECMA-48, 5.4).
    private static func control(_ bytes: ArraySlice<UInt8>, _ terminal: [[UInt8]: Key]) -> EscapeSequence {
        let body = bytes.dropFirst(2)
        guard let first = body.first else { return .incomplete }
        if first == UInt8(ascii: "[") { return linuxFunctionKey(body) }
        if first == UInt8(ascii: "M") { return oldMouseReport(body) }
        let shift = shiftEnd(body)
        guard let end = shift ?? body.firstIndex(where: { !(0x20...0x3F).contains($0) }) else {
            return bytes.count > maxLength ? .key(nil, length: bytes.count) : .incomplete
        }
        // A control character is never part of a sequence: the sequence was cut off.
        guard shift != nil || (0x40...0x7E).contains(body[end]) else {
            return .key(nil, length: end - bytes.startIndex)
        }
        let length = end - bytes.startIndex + 1
        guard let sequence = ControlSequence(body[...end]) else { return .key(nil, length: length) }
        if sequence.isPasteStart { return .pasteStart(length: length) }
        return .key(sequence.key ?? terminal[Array(bytes.prefix(length))], length: length)
    }

    /// rxvt ends a key with Shift with "$", which is no final byte: `ESC [ 3 $`.
    private static func shiftEnd(_ body: ArraySlice<UInt8>) -> Int? {
        guard let end = body.firstIndex(where: { !(0x30...0x39).contains($0) }), end > body.startIndex,
            body[end] == UInt8(ascii: "$")
        else { return nil }
        return end
    }

    /// The Linux console's F1 to F5: `ESC [ [ A` to `E`.
    private static func linuxFunctionKey(_ body: ArraySlice<UInt8>) -> EscapeSequence {
        guard let letter = body.dropFirst().first else { return .incomplete }
        let number = Int(letter) - 0x40
        return .key((1...5).contains(number) ? .function(number) : nil, length: 4)
    }

    /// A mouse report of a terminal that does not know the newer form: three bytes follow.
    private static func oldMouseReport(_ body: ArraySlice<UInt8>) -> EscapeSequence {
        let report = body.dropFirst().prefix(3).map { Int($0) - 32 }
        guard report.count == 3 else { return .incomplete }
        return .key(MouseReport.key(button: report[0], x: report[1], y: report[2]), length: 6)
    }

    /// A cursor, function or keypad key in application mode: `ESC O`, perhaps modifiers, and a letter.
    private static func singleShift(_ bytes: ArraySlice<UInt8>, _ terminal: [[UInt8]: Key]) -> EscapeSequence {
        let body = bytes.dropFirst(2)
        guard let end = body.firstIndex(where: { !(0x30...0x3B).contains($0) }) else {
            return body.count > 8 ? .key(nil, length: bytes.count) : .incomplete
        }
        let length = end - bytes.startIndex + 1
        guard (0x20...0x7E).contains(body[end]) else { return .key(.alt("O"), length: 2) }
        let key = SequenceKeys.applicationKey(body[end], modifiers: body[..<end])
        return .key(key ?? terminal[Array(bytes.prefix(length))], length: length)
    }

    /// A reply, up to a bell, or Esc and a backslash. If it does not end, it was a key with Alt.
    private static func string(_ bytes: ArraySlice<UInt8>) -> EscapeSequence {
        var previous: UInt8 = 0
        for index in bytes.indices.dropFirst(2) {
            if bytes[index] == bell || bytes[index] == UInt8(ascii: "\\") && previous == escape {
                return .key(nil, length: index - bytes.startIndex + 1)
            }
            previous = bytes[index]
        }
        return bytes.count > maxLength ? alt(bytes) : .incomplete
    }
}
