import CNcurses
import Foundation
import TUI

/// Turns what ncurses reads into keys.
struct KeyReader {
    /// Codes for `KeySequences.more`, from here on, and for the start of a paste. ncurses' own end below.
    private static let firstOwnCode: Int32 = 0x1000
    private static let pasteCode: Int32 = 0x0FFF
    private var paste = PasteReader()
    /// Read ahead, and to be read again.
    private var ahead: ArraySlice<Event> = []
    private var isMouseCaptured = false

    /// Call once ncurses is running.
    init() {
        set_escdelay(25)
        sotto_read_key_codes(true)
        define_key(KeySequences.pasteStart, Self.pasteCode)
        for (index, sequence) in KeySequences.more.enumerated() {
            define_key(sequence.bytes, Self.firstOwnCode + Int32(index))
        }
        mouseinterval(0)
    }

    mutating func captureMouse(_ isCaptured: Bool) {
        isMouseCaptured = isCaptured
        mousemask(isCaptured ? sotto_wheel_up | sotto_wheel_down | sotto_left_press : 0, nil)
    }

    /// Every key that has arrived, without waiting.
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
        if let event = ahead.popFirst() { return event }
        var value: wint_t = 0
        var isCode = false
        guard sotto_read_key(&value, &isCode) else { return nil }
        return isCode ? .code(Int32(bitPattern: value)) : .character(UInt32(value))
    }

    private mutating func key(_ event: Event) -> Key? {
        switch event {
        case .character(0x1B): return alternate()
        case .character(let value): return character(value)
        case .code(KEY_MOUSE): return mouse().last
        case .code(let code) where code >= Self.firstOwnCode:
            let index = Int(code - Self.firstOwnCode)
            return KeySequences.more.indices.contains(index) ? KeySequences.more[index].key : nil
        case .code(let code) where (KEY_F0 + 1...KEY_F0 + 12).contains(code): return .function(Int(code - KEY_F0))
        case .code(let code): return KeySequences.codes[code]
        }
    }

    /// A terminal sends Alt as Esc and the key in one go; Esc alone is followed by nothing.
    private mutating func alternate() -> Key? {
        guard let event = next() else { return .escape }
        switch event {
        case .character(0x1B): return .escape
        // "[" and "O" begin the sequences of keys and reports.
        case .character(0x5B), .character(0x4F): return unknownSequence(after: event)
        case .character(let value) where Self.stringIntroducers.contains(value) && skipString(): return nil
        default: return key(event).map { .alt($0) }
        }
    }

    /// "]", "P", "_", "^" and "X" begin a terminal's answers too, such as the colour of its ground (ECMA-48, 5.6).
    private static let stringIntroducers: Set<UInt32> = [0x5D, 0x50, 0x5F, 0x5E, 0x58]
    private static let longestString = 4096

    /// Takes up an answer to its end: a bell, or Esc and a backslash. Where no end has come it was a key with Alt, and what
    /// follows are keys.
    private mutating func skipString() -> Bool {
        // What was read ahead has been searched.
        guard ahead.isEmpty else { return false }
        var read: [Event] = []
        while read.count < Self.longestString, let event = next() {
            if event == .character(0x07) || event == .character(0x5C) && read.last == .character(0x1B) { return true }
            read.append(event)
        }
        ahead = read[...]
        return false
    }

    /// Takes up the rest of a sequence that is not in the tables: what it says is not known, but it is neither Esc nor text.
    /// Where nothing follows, its beginning was a key with Alt.
    private mutating func unknownSequence(after introducer: Event) -> Key? {
        guard var event = next() else { return key(introducer).map { .alt($0) } }
        // Parameters and intermediate bytes, then the final one (ECMA-48, 5.4).
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
        // Control and a letter or symbol: 1 is A, 0 is the space bar (or @), 0x1F is _.
        case 0: .control(" ")
        case 0..<0x20: Unicode.Scalar(value + 0x40).map { .control(.character(Character(String($0).lowercased()))) }
        default: Unicode.Scalar(value).map { .character(Character($0)) }
        }
    }

    /// What the mouse did: ncurses takes all reports that have arrived for one, and hands them out from the latest on.
    private mutating func mouse() -> [Key] {
        var keys: [Key] = []
        // Of a report that comes when none are wanted any more, ncurses takes up the beginning only.
        guard isMouseCaptured else {
            while let event = next() {
                guard case .character(let value) = event, (0x30...0x3B).contains(value) else {
                    if event != .character(0x4D), event != .character(0x6D) { ahead = [event] + ahead }
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
