import Foundation
import UTF8Text

/// Reads a paste, from its start mark to its end mark.
///
/// It bypasses ncurses, which reads byte by byte and would take escape sequences in the text for keys. Nothing after
/// the end mark may be read, because it could not be returned to ncurses; so no read asks for more than what is missing
/// from the mark. A paste that arrives slowly, as over a bad connection, is returned in pieces; its line ends are never
/// keys.
struct PasteReader {
    /// Whether the end mark has not been read yet.
    private(set) var isOpen = false
    /// What was read but not returned.
    private var bytes: [UInt8] = []
    /// How much of the end mark `bytes` ends with.
    private var matched = 0
    /// The number of bytes in the paste so far.
    private var byteCount = 0
    /// The byte before `bytes`.
    private var previous: UInt8 = 0
    private var lastRead = ContinuousClock.now

    /// Anything beyond this many bytes is dropped: no prompt is that long.
    private static let limit = 32 << 20
    /// How many milliseconds to wait for more before returning a piece.
    private static let patience: Int32 = 30
    /// After this long without input the end mark is assumed to be lost, and further input is keys again.
    private static let silence = Duration.seconds(10)
    private static let end = Array(KeySequences.pasteEnd.utf8)
    private static let interrupt: UInt8 = 0x03

    mutating func begin() {
        self = PasteReader()
        isOpen = true
    }

    /// Closes a paste whose end mark does not arrive.
    mutating func closeWhenSilent() {
        if isOpen, lastRead.duration(to: .now) > Self.silence { isOpen = false }
    }

    /// The text that has arrived since the last piece.
    mutating func read() -> String {
        var piece = [UInt8](repeating: 0, count: Self.end.count)
        while isOpen, Self.waitForInput() {
            // Only as many as are available, so that no read blocks.
            var available: Int32 = 0
            guard ioctl(STDIN_FILENO, UInt(FIONREAD), &available) == 0, available > 0 else { break }
            let isSingleByte = available == 1
            while isOpen, available > 0 {
                let count = Foundation.read(STDIN_FILENO, &piece, min(Self.end.count - matched, Int(available)))
                guard count > 0 else { return takeComplete() }
                available -= Int32(count)
                // The user's way out if the end mark was lost.
                if isSingleByte, piece[0] == Self.interrupt { isOpen = false } else { add(piece[..<count]) }
            }
            lastRead = .now
        }
        return takeComplete()
    }

    private mutating func add(_ piece: ArraySlice<UInt8>) {
        for byte in piece { matched = byte == Self.end[matched] ? matched + 1 : byte == Self.end[0] ? 1 : 0 }
        if byteCount < Self.limit || matched > 0 { bytes += piece }
        byteCount += piece.count
        if matched == Self.end.count { isOpen = false }
    }

    /// Takes everything complete: a possible start of the end mark waits, and so does an incomplete character.
    private mutating func takeComplete() -> String {
        let isEnded = matched == Self.end.count
        var count = bytes.count - (isOpen || isEnded ? matched : 0)
        if isOpen { count -= bytes[..<count].incompleteUTF8Tail }
        let taken = bytes[..<count]
        bytes.removeFirst(count)
        return text(taken)
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
