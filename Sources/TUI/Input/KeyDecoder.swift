import UTF8Text

/// Turns the bytes of a terminal into keys.
///
/// Pure: it reads nothing and knows no clock. Bytes come as the terminal's driver returned them, with the time; when
/// the end of a key is missing, `due` says when `expire` is to be called.
public struct KeyDecoder: Sendable {
    /// Whether the mouse is captured. Reports that arrive after it was released are dropped.
    public var capturesMouse = true
    private let patience: InputPatience
    private let terminal: [[UInt8]: Key]
    /// The beginning of a key whose end has not come.
    private var pending: [UInt8] = []
    /// When to call `expire`; nil if nothing is incomplete.
    public private(set) var due: ContinuousClock.Instant?
    /// The beginning of a key that was given up; its end may still come.
    private var givenUp: (bytes: [UInt8], until: ContinuousClock.Instant)?
    private var paste: PasteText?
    private var lastRead: ContinuousClock.Instant?
    /// Until when further input belongs to a paste without marks.
    private var unmarkedUntil: ContinuousClock.Instant?

    /// - Parameter terminal: sequences of this terminal that are in no table here, by their bytes.
    public init(patience: InputPatience, terminal: [[UInt8]: Key] = [:]) {
        self.patience = patience
        self.terminal = terminal
    }

    /// How long to wait for more of a paste before returning a piece.
    private static let pastePause = Duration.milliseconds(30)
    /// After this long without input the end mark is assumed to be lost, and further input is keys again.
    private static let pasteSilence = Duration.seconds(10)
    /// How long the end of a key is recognised after its beginning was given up.
    private static let lateness = Duration.seconds(2)
    private static let escape: UInt8 = 0x1B, interrupt: UInt8 = 0x03

    /// Takes what was read at once.
    public mutating func take(_ bytes: [UInt8], at now: ContinuousClock.Instant) -> [Key] {
        guard !bytes.isEmpty else { return [] }
        var keys: [Key] = []
        if paste != nil, isSilent(at: now) || bytes == [Self.interrupt] {
            paste?.close()
            keys += takePiece()
            if bytes == [Self.interrupt] { return keys }
        }
        lastRead = now
        let input = pending + lateBeginning(of: bytes, at: now) + bytes
        let wasPending = pending
        pending = []
        decode(input[...], at: now, into: &keys)
        schedule(after: wasPending, at: now)
        return capturesMouse ? keys : keys.filter { !$0.isOfMouse }
    }

    /// Returns what is certain once nothing more has come for a while.
    public mutating func expire(at now: ContinuousClock.Instant) -> [Key] {
        guard let due, now >= due else { return [] }
        self.due = nil
        if paste != nil { return takePiece() }
        let bytes = pending
        pending = []
        return giveUp(bytes, at: now)
    }

    // MARK: Keys

    private mutating func decode(_ input: ArraySlice<UInt8>, at now: ContinuousClock.Instant, into keys: inout [Key]) {
        var rest = input
        while let first = rest.first {
            if paste != nil {
                rest = paste?.take(rest) ?? []
                if paste?.isOpen == false { keys += takePiece() }
            } else if first == Self.escape {
                switch EscapeSequence(rest, terminal: terminal) {
                case .incomplete:
                    pending = Array(rest)
                    return
                case .key(let key, let length):
                    if let key { keys.append(key) }
                    rest = rest.dropFirst(length)
                case .pasteStart(let length):
                    paste = PasteText()
                    rest = rest.dropFirst(length)
                }
            } else {
                rest = text(rest, at: now, into: &keys)
            }
        }
    }

    /// Takes characters, line ends and tabs, or a single control character. Returns what is behind them.
    private mutating func text(
        _ bytes: ArraySlice<UInt8>, at now: ContinuousClock.Instant, into keys: inout [Key]
    ) -> ArraySlice<UInt8> {
        let run = bytes.prefix { $0.isText || $0.isLayout }
        guard !run.isEmpty else {
            if let key = bytes.first.flatMap(TextKeys.key) { keys.append(key) }
            return bytes.dropFirst()
        }
        let isAtEnd = run.endIndex == bytes.endIndex
        let tail = isAtEnd ? run.incompleteUTF8Tail : 0
        if isUnmarkedPaste(run, at: now) {
            unmarkedUntil = now + Self.pastePause
            var lineEnds = LineEnds()
            keys.append(.paste(lineEnds.text(run.dropLast(tail))))
        } else {
            keys += String(decoding: run.dropLast(tail), as: UTF8.self).unicodeScalars.map(Self.key)
        }
        pending = Array(run.suffix(tail))
        return bytes[run.endIndex...]
    }

    /// Whether text was pasted by a terminal that does not mark pastes: nobody types Enter or Tab and more characters at
    /// once.
    private func isUnmarkedPaste(_ run: ArraySlice<UInt8>, at now: ContinuousClock.Instant) -> Bool {
        guard let layout = run.firstIndex(where: \.isLayout) else { return false }
        if let unmarkedUntil, now < unmarkedUntil { return true }
        return run[layout...].contains(where: \.isText)
    }

    private static func key(_ scalar: Unicode.Scalar) -> Key {
        UInt8(exactly: scalar.value).flatMap(TextKeys.key) ?? .character(Character(scalar))
    }

    // MARK: What is incomplete

    /// A sequence gets its time again with each byte; a string, which may also be typed text, once.
    private mutating func schedule(after previous: [UInt8], at now: ContinuousClock.Instant) {
        if let paste {
            due = paste.hasText ? now + Self.pastePause : nil
            return
        }
        guard !pending.isEmpty else {
            due = nil
            return
        }
        let isString = pending.count > 1 && EscapeSequence.beginsString(pending[1])
        if isString, previous.count > 1, due != nil { return }
        due = now + (pending.contains { $0 != Self.escape } ? patience.sequence : patience.escape)
    }

    /// Makes keys of the beginning of one.
    private mutating func giveUp(_ bytes: [UInt8], at now: ContinuousClock.Instant) -> [Key] {
        guard bytes.first == Self.escape else { return [.character("\u{FFFD}")] }
        givenUp = (bytes, now + Self.lateness)
        if bytes.allSatisfy({ $0 == Self.escape }) { return bytes.map { _ in .escape } }
        let second = bytes[1]
        if EscapeSequence.beginsString(second) {
            var keys = TextKeys.key(second).map { [Key.alt($0)] } ?? []
            decode(bytes[2...], at: now, into: &keys)
            due = pending.isEmpty ? nil : now + patience.escape
            return keys
        }
        return bytes.count == 2 ? TextKeys.key(second).map { [.alt($0)] } ?? [] : []
    }

    /// The beginning that was given up, if these bytes are the end of its key. What could have been typed is not: a
    /// single character after Esc, or a word.
    private mutating func lateBeginning(of bytes: [UInt8], at now: ContinuousClock.Instant) -> [UInt8] {
        guard let (beginning, until) = givenUp else { return [] }
        givenUp = nil
        guard now < until, pending.isEmpty, paste == nil else { return [] }
        if beginning.count <= 2, bytes.count == 1 { return [] }
        if beginning.count == 1 {
            let isShift = bytes[0] == UInt8(ascii: "O") && bytes.count == 2
            guard bytes[0] == UInt8(ascii: "[") || isShift else { return [] }
        }
        let input = beginning + bytes
        switch EscapeSequence(input[...], terminal: terminal) {
        case .pasteStart: return beginning
        // A button that was released is no key, but nobody types its report either.
        case .key(let key, let length) where length > beginning.count:
            return key != nil || input.count > 2 && (0x3C...0x3F).contains(input[2]) ? beginning : []
        default: return []
        }
    }

    // MARK: Pastes

    private mutating func takePiece() -> [Key] {
        let text = paste?.piece() ?? ""
        if paste?.isOpen == false { paste = nil }
        return text.isEmpty ? [] : [.paste(text)]
    }

    /// Whether a paste has stalled for so long that its end mark is lost. Ctrl-C is the user's way out before that.
    private func isSilent(at now: ContinuousClock.Instant) -> Bool {
        lastRead.map { $0.duration(to: now) > Self.pasteSilence } ?? false
    }
}

extension UInt8 {
    /// Part of a character that is shown.
    fileprivate var isText: Bool { self >= 0x20 && self != 0x7F }
    /// A tab or a line end.
    fileprivate var isLayout: Bool { self == 0x09 || self == 0x0A || self == 0x0D }
}

extension Key {
    fileprivate var isOfMouse: Bool {
        switch self {
        case .wheelUp, .wheelDown, .click: true
        default: false
        }
    }
}
