import CNcurses
import Foundation
import TUI

/// Converts ncurses input to keys.
struct KeyReader {
    /// Key codes from here on are indices into `KeySequences.extra`; the one below is the start of a paste. ncurses'
    /// own codes are smaller.
    private static let firstOwnCode: Int32 = 0x1000
    private static let pasteCode: Int32 = 0x0FFF
    private var paste = PasteReader()
    /// Events read ahead, which are returned before new input.
    private var lookahead: ArraySlice<Event> = []
    private var isMouseCaptured = false

    /// Call after ncurses has started.
    init() {
        set_escdelay(25)
        sotto_set_key_codes(true)
        define_key(KeySequences.pasteStart, Self.pasteCode)
        for (index, sequence) in KeySequences.extra.enumerated() {
            define_key(sequence.bytes, Self.firstOwnCode + Int32(index))
        }
        mouseinterval(0)
    }

    mutating func captureMouse(_ isCaptured: Bool) {
        isMouseCaptured = isCaptured
        mousemask(isCaptured ? sotto_wheel_up | sotto_wheel_down | sotto_left_press : 0, nil)
    }

    /// All keys that have arrived, without waiting.
    mutating func readAll() -> [Key] {
        var keys: [Key] = []
        paste.closeWhenSilent()
        readPaste(into: &keys)
        while !paste.isOpen, let event = next() {
            if event == .code(Self.pasteCode) {
                paste.begin()
                readPaste(into: &keys)
            } else if event == .code(KEY_MOUSE) {
                keys += mouse()
            } else if let key = key(event) {
                keys.append(key)
            }
        }
        return keys
    }

    private mutating func readPaste(into keys: inout [Key]) {
        guard paste.isOpen else { return }
        let text = paste.read()
        if !text.isEmpty { keys.append(.paste(text)) }
    }

    private enum Event: Equatable {
        case character(UInt32)
        case code(Int32)
    }

    private mutating func next() -> Event? {
        if let event = lookahead.popFirst() { return event }
        var value: wint_t = 0
        var isCode = false
        guard sotto_read_key(&value, &isCode) else { return nil }
        return isCode ? .code(Int32(bitPattern: value)) : .character(UInt32(value))
    }

    private mutating func key(_ event: Event) -> Key? {
        switch event {
        case .character(0x1B): return keyAfterEscape()
        case .character(let value): return character(value)
        case .code(KEY_MOUSE): return mouse().last
        case .code(let code) where code >= Self.firstOwnCode:
            let index = Int(code - Self.firstOwnCode)
            return KeySequences.extra.indices.contains(index) ? KeySequences.extra[index].key : nil
        case .code(let code) where (KEY_F0 + 1...KEY_F0 + 12).contains(code): return .function(Int(code - KEY_F0))
        case .code(let code): return KeySequences.codes[code]
        }
    }

    /// Terminals send Alt as Esc directly followed by the key; after a plain Esc nothing follows.
    private mutating func keyAfterEscape() -> Key? {
        guard let event = next() else { return .escape }
        switch event {
        case .character(0x1B): return .escape
        // "[" and "O" introduce the sequences of keys and reports.
        case .character(0x5B), .character(0x4F): return unknownSequence(after: event)
        case .character(let value) where Self.replyIntroducers.contains(value) && skipReply(): return nil
        default: return key(event).map { .alt($0) }
        }
    }

    /// "]", "P", "_", "^" and "X" also introduce replies of the terminal, such as its background colour (ECMA-48, 5.6).
    private static let replyIntroducers: Set<UInt32> = [0x5D, 0x50, 0x5F, 0x5E, 0x58]
    private static let maxReplyLength = 4096

    /// Skips a reply up to its end: a bell, or Esc and a backslash. If there is no end, it was a key with Alt followed
    /// by other keys.
    private mutating func skipReply() -> Bool {
        // What was read ahead has been searched already.
        guard lookahead.isEmpty else { return false }
        var read: [Event] = []
        while read.count < Self.maxReplyLength, let event = next() {
            if event == .character(0x07) || event == .character(0x5C) && read.last == .character(0x1B) { return true }
            read.append(event)
        }
        lookahead = read[...]
        return false
    }

    /// Skips the rest of a sequence that is not in the tables. It has no known meaning, but is neither Esc nor text. If
    /// nothing follows, its introducer was a key with Alt.
    private mutating func unknownSequence(after introducer: Event) -> Key? {
        guard var event = next() else { return key(introducer).map { .alt($0) } }
        // Parameters and intermediate bytes, then the final byte (ECMA-48, 5.4).
        while case .character(0x20...0x3F) = event, introducer == .character(0x5B), let following = next() {
            event = following
        }
        if case .character(0x20...0x7E) = event { return nil }
        return key(event)
    }

    private func character(_ value: UInt32) -> Key? {
        switch value {
        case 0x09: .tab
        case 0x0D: .enter
        case 0x08, 0x7F: .backspace
        // Ctrl with a letter or symbol: 1 is A, 0 is the space bar (or @), 0x1F is _.
        case 0: .control(" ")
        case 0..<0x20: Unicode.Scalar(value + 0x40).map { .control(.character(Character(String($0).lowercased()))) }
        default: Unicode.Scalar(value).map { .character(Character($0)) }
        }
    }

    /// Mouse actions: ncurses combines all reports that have arrived and returns them in reverse order.
    private mutating func mouse() -> [Key] {
        var keys: [Key] = []
        // ncurses reads only the start of a report that arrives after the mouse was released.
        guard isMouseCaptured else {
            while let event = next() {
                guard case .character(let value) = event, (0x30...0x3B).contains(value) else {
                    if event != .character(0x4D), event != .character(0x6D) { lookahead = [event] + lookahead }
                    break
                }
            }
            return []
        }
        var event = MEVENT()
        while getmouse(&event) == OK {
            if event.bstate & sotto_wheel_up != 0 {
                keys.append(.wheelUp)
            } else if event.bstate & sotto_wheel_down != 0 {
                keys.append(.wheelDown)
            } else if event.bstate & sotto_left_press != 0 {
                keys.append(.click(Point(x: Int(event.x), y: Int(event.y))))
            }
        }
        return keys.reversed()
    }
}
