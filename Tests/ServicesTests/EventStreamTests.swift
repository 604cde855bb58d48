import Testing

@testable import Services

@Suite struct EventStreamTests {
    private func events(_ text: String, piece: Int, _ framing: ServiceCall.Framing = .events) throws -> [EventStream
        .Event]
    {
        var stream = EventStream(framing)
        var found: [EventStream.Event] = []
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            found += try stream.push(Array(bytes.prefix(piece)))
            bytes = bytes.dropFirst(piece)
        }
        return found + [stream.finish()].compactMap(\.self)
    }

    private func event(_ name: String?, _ data: String) -> EventStream.Event {
        EventStream.Event(name: name, data: Array(data.utf8))
    }

    /// The examples of the HTML standard (section 9.2.6), with each kind of line end.
    @Test(arguments: [1, 2, 3, 7, 1000], ["\n", "\r\n", "\r"])
    func readsEventsWhateverTheBoundaries(piece: Int, lineEnd: String) throws {
        let text = """
            : a comment

            data: first
            data: second
            id: 1

            event: delta
            data:{"text":"é…😀"}

            retry: 10
            event: alone

            data

            data:  two spaces
            data: unfinished
            """
        let expected = [event(nil, "first\nsecond"), event("delta", #"{"text":"é…😀"}"#), event(nil, "")]
        #expect(try events(text.replacing("\n", with: lineEnd), piece: piece) == expected)
        let complete = text.replacing("\n", with: lineEnd) + lineEnd + lineEnd
        #expect(try events(complete, piece: piece) == expected + [event(nil, " two spaces\nunfinished")])
    }

    @Test(arguments: [1, 5, 1000]) func readsOneValueALine(piece: Int) throws {
        let text = "\u{FEFF}{\"a\":1}\n\r\n  \n{\"b\":\"\u{2028}\"}\r\n{\"c\":3}"
        let lines = try events(text, piece: piece, .lines).map { String(decoding: $0.data, as: UTF8.self) }
        #expect(lines.map { $0.trimmingSuffix { $0.isNewline } } == ["{\"a\":1}", "{\"b\":\"\u{2028}\"}", "{\"c\":3}"])
    }

    @Test(arguments: [ServiceCall.Framing.events, .lines]) func refusesAnEndlessLine(framing: ServiceCall.Framing)
        throws
    {
        var stream = EventStream(framing)
        #expect(throws: EventStream.TooLong.self) {
            for _ in 0..<9 { _ = try stream.push([UInt8](repeating: 0x61, count: 1 << 20)) }
        }
    }

    @Test func refusesAnEndlessEventOfShortLines() throws {
        var stream = EventStream(.events)
        let line = Array("data: 0123456789012345678901234567890123456789\n".utf8)
        #expect(throws: EventStream.TooLong.self) { for _ in 0..<300_000 { _ = try stream.push(line) } }
    }
}

extension String {
    fileprivate func trimmingSuffix(while matches: (Character) -> Bool) -> String {
        var text = self[...]
        while let last = text.last, matches(last) { text.removeLast() }
        return String(text)
    }
}
