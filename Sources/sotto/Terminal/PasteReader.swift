import Foundation

/// Reads what is pasted, from the mark that begins it to the one that ends it.
///
/// Past ncurses, which reads byte by byte and would take escape sequences in the text for keys. Nothing beyond the end
/// mark may be read, since ncurses could not be given it back; so every read asks for no more than what is still missing
/// of the mark. A paste that comes slowly, as over a bad line, is handed out in pieces: its line ends are never keys.
struct PasteReader {
    /// Whether the end mark is still to come.
    private(set) var isOpen = false
    /// What was read and not handed out.
    private var bytes: [UInt8] = []
    /// How much of the end mark they end with.
    private var matched = 0
    /// Of the whole paste.
    private var byteCount = 0
    /// The byte before those.
    private var previous: UInt8 = 0
    private var lastRead = ContinuousClock.now

    /// What goes beyond this many bytes is left out: no prompt is that long.
    private static let limit = 32 << 20
    /// Milliseconds that a piece waits to be joined by the next.
    private static let patience: Int32 = 30
    /// After so long a silence the end mark is taken for lost, and what comes then for keys.
    private static let silence = Duration.seconds(10)
    private static let end = Array(KeySequences.pasteEnd.utf8)
    private static let interrupt: UInt8 = 0x03

    mutating func begin() {
        self = PasteReader()
        isOpen = true
    }

    /// Gives a paste up whose end does not come.
    mutating func closeWhenSilent() {
        if isOpen, lastRead.duration(to: .now) > Self.silence { isOpen = false }
    }

    /// What has come since the last piece.
    mutating func read() -> String {
        var piece = [UInt8](repeating: 0, count: Self.end.count)
        while isOpen, Self.waitForInput() {
            // As many as have come for sure: none of these reads waits.
            var available: Int32 = 0
            guard ioctl(STDIN_FILENO, UInt(FIONREAD), &available) == 0, available > 0 else { break }
            let isAlone = available == 1
            while isOpen, available > 0 {
                let count = Foundation.read(STDIN_FILENO, &piece, min(Self.end.count - matched, Int(available)))
                guard count > 0 else { return take() }
                available -= Int32(count)
                // The person's way out, where the end mark was lost.
                if isAlone, piece[0] == Self.interrupt { isOpen = false } else { add(piece[..<count]) }
            }
            lastRead = .now
        }
        return take()
    }

    private mutating func add(_ piece: ArraySlice<UInt8>) {
        for byte in piece { matched = byte == Self.end[matched] ? matched + 1 : byte == Self.end[0] ? 1 : 0 }
        if byteCount < Self.limit || matched > 0 { bytes += piece }
        byteCount += piece.count
        if matched == Self.end.count { isOpen = false }
    }

    /// All that is whole: what may be the end mark's beginning waits, and so does the beginning of a character.
    private mutating func take() -> String {
        let isEnded = matched == Self.end.count
        var count = bytes.count - (isOpen || isEnded ? matched : 0)
        if isOpen { count -= Self.cutCharacter(bytes[..<count]) }
        let taken = bytes[..<count]
        bytes.removeFirst(count)
        return text(taken)
    }

    /// How many bytes of a character stand at the end, the rest of which is missing.
    private static func cutCharacter(_ bytes: ArraySlice<UInt8>) -> Int {
        let tail = bytes.reversed().prefix(4)
        guard let distance = tail.enumerated().first(where: { $0.element & 0xC0 != 0x80 }) else { return 0 }
        let length = distance.element >= 0xF0 ? 4 : distance.element >= 0xE0 ? 3 : distance.element >= 0xC0 ? 2 : 1
        return distance.offset + 1 < length ? distance.offset + 1 : 0
    }

    private static func waitForInput() -> Bool {
        var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, patience) > 0
    }

    /// Terminals paste line ends as carriage returns.
    private mutating func text(_ bytes: some Sequence<UInt8>) -> String {
        let feed = UInt8(ascii: "\n"), carriageReturn = UInt8(ascii: "\r")
        var result: [UInt8] = []
        for byte in bytes {
            if byte != feed || previous != carriageReturn { result.append(byte == carriageReturn ? feed : byte) }
            previous = byte
        }
        return String(decoding: result, as: UTF8.self)
    }
}
