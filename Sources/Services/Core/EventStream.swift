/// Splits a stream of bytes into events, whatever the boundaries of its pieces.
///
/// Server-sent events are read as the HTML standard says (section 9.2.6): lines end with CR, LF or both, comments and
/// unknown fields are ignored, several data lines are joined, an event without data is none. In the other framing each
/// line is an event.
struct EventStream: Sendable {
    struct Event: Sendable, Equatable {
        /// Nil in streams that give events no names.
        var name: String?
        var data: [UInt8]
    }

    /// An event longer than the limit.
    struct TooLong: Error {}

    /// The longest event, in bytes.
    static let limit = 8 << 20

    private let framing: ServiceCall.Framing
    private var line: [UInt8] = []
    private var name: String?
    private var data: [UInt8]?
    /// The last byte was a CR, so that an LF that follows ends no line of its own.
    private var endsWithCR = false
    private var isAtStart = true

    init(_ framing: ServiceCall.Framing) { self.framing = framing }

    /// The events that are complete with these bytes.
    mutating func push(_ bytes: [UInt8]) throws(TooLong) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            defer { endsWithCR = byte == 0x0D }
            guard byte == 0x0A || byte == 0x0D && framing == .events else {
                line.append(byte)
                guard line.count + (data?.count ?? 0) <= Self.limit else { throw TooLong() }
                continue
            }
            if byte == 0x0A, endsWithCR, framing == .events { continue }
            if let event = endLine() { events.append(event) }
        }
        return events
    }

    /// What is left when the stream ends: the last line of a stream of lines. An event without its blank line is none.
    mutating func finish() -> Event? { framing == .lines ? endLine() : nil }

    private mutating func endLine() -> Event? {
        defer { line.removeAll(keepingCapacity: true) }
        if isAtStart {
            isAtStart = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard framing == .events else {
            return line.allSatisfy { $0 <= 0x20 } ? nil : Event(name: nil, data: line)
        }
        guard !line.isEmpty else {
            defer { (name, data) = (nil, nil) }
            return data.map { Event(name: name, data: $0) }
        }
        readField()
        return nil
    }

    private mutating func readField() {
        let colon = line.firstIndex(of: UInt8(ascii: ":"))
        let field = String(decoding: line[..<(colon ?? line.endIndex)], as: UTF8.self)
        var value = colon.map { line[line.index(after: $0)...] } ?? []
        if value.first == 0x20 { value = value.dropFirst() }
        switch field {
        case "data":
            if data == nil { data = [] } else { data?.append(0x0A) }
            data?.append(contentsOf: value)
        case "event": name = value.isEmpty ? nil : String(decoding: value, as: UTF8.self)
        default: break
        }
    }
}
