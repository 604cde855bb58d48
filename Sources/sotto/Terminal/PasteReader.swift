import Foundation

/// Reads what is pasted, from the mark that begins it to the one that ends it.
///
/// Past ncurses, which reads byte by byte and would take escape sequences in the text for keys. Nothing beyond the end
/// mark may be read, since ncurses could not be given it back; so every read asks for no more than what is still missing
/// of the mark.
enum PasteReader {
    /// What goes beyond this many bytes is left out: no prompt is that long.
    private static let limit = 32 << 20
    /// Milliseconds to wait for the rest of a paste whose end does not come.
    private static let patience: Int32 = 1000
    private static let end = Array(KeySequences.pasteEnd.utf8)

    static func read() -> String {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: end.count)
        // How much of the end mark the text ends with.
        var matched = 0
        while matched < end.count, waitForInput() {
            // As many as have come for sure: none of these reads waits.
            var available: Int32 = 0
            guard ioctl(STDIN_FILENO, UInt(FIONREAD), &available) == 0, available > 0 else { break }
            while matched < end.count, available > 0 {
                let count = Foundation.read(STDIN_FILENO, &piece, min(end.count - matched, Int(available)))
                guard count > 0 else { return text(bytes) }
                available -= Int32(count)
                for byte in piece[..<count] { matched = byte == end[matched] ? matched + 1 : byte == end[0] ? 1 : 0 }
                if bytes.count < limit + end.count || matched > 0 { bytes += piece[..<count] }
            }
        }
        return text(bytes.dropLast(matched == end.count ? matched : 0))
    }

    private static func waitForInput() -> Bool {
        var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, patience) > 0
    }

    /// Terminals paste line ends as carriage returns.
    private static func text(_ bytes: some Sequence<UInt8>) -> String {
        let feed = UInt8(ascii: "\n"), carriageReturn = UInt8(ascii: "\r")
        var result: [UInt8] = []
        var previous: UInt8 = 0
        for byte in bytes {
            if byte != feed || previous != carriageReturn { result.append(byte == carriageReturn ? feed : byte) }
            previous = byte
        }
        return String(decoding: result, as: UTF8.self)
    }
}
