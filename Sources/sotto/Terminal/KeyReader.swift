import CNcurses
import Foundation
import TUI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads keys from standard input. ncurses is not used for this: it cannot wait for the rest of a character or a
/// sequence, and it does not know newer keyboard protocols.
struct KeyReader {
    private var decoder: KeyDecoder

    /// Call after ncurses has started.
    init() {
        decoder = KeyDecoder(
            patience: InputPatience(environment: ProcessInfo.processInfo.environment), terminal: Self.terminalKeys())
    }

    /// When to call `readAll` even if nothing arrives; nil if no key is incomplete.
    var due: ContinuousClock.Instant? { decoder.due }

    var capturesMouse: Bool {
        get { decoder.capturesMouse }
        set { decoder.capturesMouse = newValue }
    }

    /// All keys that have arrived, without waiting.
    mutating func readAll() -> [Key] {
        // Read first: what came in time belongs together, even if this thread was kept waiting.
        let bytes = Self.read()
        let now = ContinuousClock.now
        return decoder.take(bytes, at: now) + decoder.expire(at: now)
    }

    /// The most that is taken at once. The rest follows after the next drawing.
    private static let limit = 1 << 20

    private static func read() -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 14)
        var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        while bytes.count < limit, poll(&descriptor, 1, 0) > 0, Int32(descriptor.revents) & POLLIN != 0 {
            let count = Foundation.read(STDIN_FILENO, &piece, piece.count)
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        return bytes
    }

    // MARK: Keys of this terminal

    /// The sequences that the terminal's description names. Only those of escape and at least two more bytes: others
    /// are characters, or characters with Alt.
    private static func terminalKeys() -> [[UInt8]: Key] {
        var keys: [[UInt8]: Key] = [:]
        for (name, key) in capabilities {
            guard let text = sotto_terminfo_string(name) else { continue }
            let bytes = UnsafeBufferPointer(start: text, count: strlen(text)).map { UInt8(bitPattern: $0) }
            if bytes.count > 2, bytes[0] == 0x1B { keys[bytes] = key }
        }
        return keys
    }

    /// The names of terminfo for keys.
    private static let capabilities: [(name: String, key: Key)] =
        [
            ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right), ("khome", .home), ("kend", .end),
            ("kpp", .pageUp), ("knp", .pageDown), ("kdch1", .delete), ("kich1", .insert), ("kent", .enter),
            ("kcbt", .shift(.tab)), ("kLFT", .shift(.left)), ("kRIT", .shift(.right)), ("kri", .shift(.up)),
            ("kind", .shift(.down)), ("kHOM", .shift(.home)), ("kEND", .shift(.end)), ("kPRV", .shift(.pageUp)),
            ("kNXT", .shift(.pageDown)), ("kDC", .shift(.delete)),
        ] + (1...12).map { ("kf\($0)", .function($0)) }
}
