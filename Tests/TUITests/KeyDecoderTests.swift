import TUI
import TestSupport
import Testing

/// Bytes become keys, however they are torn: each string is one read.
@Suite struct KeyDecoderTests {
    /// A terminal whose bytes come with gaps.
    private struct Line {
        var decoder: KeyDecoder
        var now = ContinuousClock.now
        var keys: [Key] = []

        init(_ patience: InputPatience = .local) { decoder = KeyDecoder(patience: patience) }

        /// Sends reads with the same gap before each but the first.
        mutating func send(_ reads: [[UInt8]], gap: Duration = .zero) {
            for (number, bytes) in reads.enumerated() {
                if number > 0 { pass(gap) }
                keys += decoder.take(bytes, at: now)
            }
        }

        mutating func send(_ reads: String..., gap: Duration = .zero) { send(reads.map { Array($0.utf8) }, gap: gap) }

        /// Lets time pass, as the chat's loop does.
        mutating func pass(_ duration: Duration) {
            let end = now + duration
            while let due = decoder.due, due <= end {
                keys += decoder.expire(at: due)
                // Otherwise the loop would spin.
                if decoder.due == due { Issue.record("still due"); break }
            }
            now = end
        }
    }

    private func keys(_ reads: String..., gap: Duration = .zero, _ patience: InputPatience = .local) -> [Key] {
        var line = Line(patience)
        line.send(reads.map { Array($0.utf8) }, gap: gap)
        line.pass(.seconds(5))
        return line.keys
    }

    private static let second = Duration.seconds(1)

    // MARK: Characters

    /// At a serial line's pace every byte is a read of its own.
    @Test(arguments: ["Grüße", "東京", "👍🏽 naïve", "Ελλάδα"])
    func charactersArriveByteByByte(text: String) {
        var line = Line()
        line.send(text.utf8.map { [$0] }, gap: .milliseconds(4))
        #expect(line.keys == text.unicodeScalars.map { .character(Character($0)) })
        #expect(line.decoder.due == nil)
    }

    @Test func invalidBytesAreReplacedAndNothingElseIsLost() {
        var line = Line()
        line.send([Array("a".utf8) + [0xFF] + Array("bü".utf8), [0xC3], [0x28], [0xE6, 0x9D], Array("c".utf8)])
        let bad: Key = "\u{FFFD}"
        #expect(line.keys == ["a", bad, "b", "ü", bad, "(", bad, "c"])
        // The rest of a character that never comes.
        line.keys = []
        line.send([[0xE6]])
        #expect(line.keys.isEmpty)
        line.pass(.seconds(2))
        #expect(line.keys == [bad])
    }

    @Test func controlCharactersAreKeys() {
        #expect(
            keys("\u{3}\u{0}\u{1F}\u{7F}\u{8}\n") == [
                .control("c"), .control(" "), .control("_"), .backspace, .backspace, .control("j"),
            ])
        #expect(keys("a\r") == ["a", .enter])
        #expect(keys("/mod\t") == ["/", "m", "o", "d", .tab])
    }

    // MARK: Sequences

    @Test(
        arguments: [
            ("[A", .up), ("OB", .down), ("[1;5C", .control(.right)), ("[H", .home), ("[4~", .end), ("[5~", .pageUp),
            ("[3;2~", .shift(.delete)), ("OP", .function(1)), ("[15~", .function(5)), ("[24~", .function(12)),
            ("[1;2P", .shift(.function(1))), ("[[B", .function(2)), ("[Z", .shift(.tab)), ("[7~", .home),
            ("[a", .shift(.up)), ("Od", .control(.left)), ("[3^", .control(.delete)), ("[3$", .shift(.delete)),
            ("\u{1B}[A", .alt(.up)), ("b", .alt("b")), ("ü", .alt("ü")), ("\r", .alt(.enter)),
            ("\u{7F}", .alt(.backspace)),
            // The keypad in application mode.
            ("Op", "0"), ("Oy", "9"), ("OM", .enter), ("Ok", "+"), ("On", "."), ("Oo", "/"), ("OX", "="),
        ] as [(String, Key)])
    func sequencesAreKeys(bytes: String, key: Key) { #expect(keys("\u{1B}\(bytes)") == [key]) }

    /// The kitty protocol and xterm's modifyOtherKeys.
    @Test(
        arguments: [
            ("[27u", .escape), ("[99;5u", .control("c")), ("[27;5;99~", .control("c")), ("[13;5u", .enter),
            ("[9;2u", .shift(.tab)), ("[13;2u", .shift(.enter)), ("[27;2;13~", .shift(.enter)),
            ("[13;3u", .alt(.enter)),
            ("[127u", .backspace), ("[127;3u", .alt(.backspace)), ("[97u", "a"), ("[97;2u", "A"), ("[97:65;2u", "A"),
            ("[49:33;2u", "!"), ("[27;2;65~", "A"), ("[228;2u", "Ä"), ("[97;;228u", "ä"), ("[114;3u", .alt("r")),
            ("[114;4u", .alt("R")), ("[27;6;67~", .control("c")), ("[1089::99;5u", .control("c")),
            ("[105;5u", .tab), ("[91;5u", .escape), ("[32;5u", .control(" ")), ("[45;6u", .control("_")),
            ("[57399u", "0"), ("[57414u", .enter), ("[57419;5u", .control(.up)), ("[57376u", .function(13)),
            // Caps Lock and Num Lock are on.
            ("[99;69u", .control("c")), ("[27;129u", .escape), ("[1;129A", .up),
            // A key that is held down.
            ("[97;1:2u", "a"), ("[1;1:2A", .up),
        ] as [(String, Key)])
    func keyboardProtocolsAreDecoded(bytes: String, key: Key) { #expect(keys("\u{1B}\(bytes)") == [key]) }

    /// Releases, modifier keys, keys with Super, answers of the terminal, and numbers without meaning.
    @Test(arguments: [
        "[97;1:3u", "[57441;2u", "[97;9u", "[1;9A", "[99999999999999999999u", "[1114112u", "[55296u", "[;5u", "[u",
        "[I", "[O",
        "[?62;4c", "[?2026;2$y", "[4;2$y", "[24;80R", "[15;300~", "]11;rgb:0000/0000/0000\u{1B}\\", "P1$r0m\u{1B}\\",
        "_Gi=1;OK\u{1B}\\", "]52;c;\u{7}", "[<35;3;4M", "[<0;3;4m", "[<0;0;0M", "[<66;1;1M",
    ])
    func whatIsNoKeyIsNothing(bytes: String) {
        #expect(keys("\u{1B}\(bytes)") == [])
        #expect(keys("a\u{1B}\(bytes)b") == ["a", "b"])
    }

    @Test func theMouseIsReported() {
        #expect(
            keys("\u{1B}[<0;5;3M\u{1B}[<64;1;1M\u{1B}[<69;300;200M") == [
                .click(Point(x: 4, y: 2)), .wheelUp, .wheelDown,
            ])
        #expect(keys("\u{1B}[M !!\u{1B}[M`\"#a") == [.click(Point(x: 0, y: 0)), .wheelUp, "a"])
        var line = Line()
        line.decoder.capturesMouse = false
        line.send("\u{1B}[<0;5;3Ma")
        #expect(line.keys == ["a"])
    }

    @Test func sequencesThatAreCutOffEndAtTheNextKey() {
        #expect(keys("\u{1B}[1;5\u{3}") == [.control("c")])
        #expect(keys("\u{1B}[1;\u{1B}[A") == [.up])
        #expect(keys("\u{1B}O\u{3}") == [.alt("O"), .control("c")])
    }

    @Test func theTerminalsOwnSequencesAreKnown() {
        var decoder = KeyDecoder(patience: .local, terminal: [Array("\u{1B}[224z".utf8): .function(1)])
        #expect(decoder.take(Array("\u{1B}[224z".utf8), at: .now) == [.function(1)])
    }

    // MARK: Torn sequences

    /// Wherever a key is torn, it stays one key: over ssh also when the gap is longer.
    @Test(arguments: [
        "\u{1B}\r", "\u{1B}[<64;10;8M", "\u{1B}[A", "\u{1B}[1;5C", "\u{1B}OA", "\u{1B}ü", "\u{1B}[99;5u",
        "\u{1B}[27;5;99~",
    ])
    func tornKeysStayWhole(sequence: String) {
        let whole = keys(sequence)
        #expect(whole.count == 1)
        let bytes = Array(sequence.utf8)
        for cut in 1..<bytes.count {
            for (patience, gap) in [(InputPatience.local, Duration.milliseconds(40)), (.remote, .milliseconds(180))] {
                var line = Line(patience)
                line.send([Array(bytes[..<cut]), Array(bytes[cut...])], gap: gap)
                #expect(line.keys == whole, "after \(cut) bytes")
            }
        }
        var line = Line()
        line.send(bytes.map { [$0] }, gap: .milliseconds(40))
        #expect(line.keys == whole)
    }

    @Test func escapeAndAltAreKeysAfterAMoment() {
        #expect(keys("\u{1B}") == [.escape])
        #expect(keys("\u{1B}", "a", gap: .milliseconds(100)) == [.escape, "a"])
        #expect(keys("\u{1B}", "\u{1B}", gap: .milliseconds(100)) == [.escape, .escape])
        #expect(keys("\u{1B}\u{1B}") == [.escape, .escape])
        #expect(keys("\u{1B}[") == [.alt("[")])
        #expect(keys("\u{1B}O") == [.alt("O")])
        #expect(keys("\u{1B}]") == [.alt("]")])
        #expect(keys("\u{1B}Phello") == [.alt("P"), "h", "e", "l", "l", "o"])
        var line = Line()
        line.send("\u{1B}")
        #expect(line.decoder.due == line.now + InputPatience.local.escape)
        line.keys = []
        line.send("[")
        #expect(line.decoder.due == line.now + Self.second)
    }

    /// Typing on does not hold back a key with Alt that may have begun an answer of the terminal.
    @Test func altIsNotHeldBackByTyping() {
        #expect(keys("\u{1B}]", "a", "b", "c", "d", gap: .milliseconds(300)) == [.alt("]"), "a", "b", "c", "d"])
    }

    /// Esc was taken for a key already, but the rest is not typed into the draft.
    @Test func lateRemaindersAreTakenUp() {
        let gap = Duration.milliseconds(500)
        #expect(keys("\u{1B}", "[<64;10;8M", gap: gap) == [.escape, .wheelUp])
        #expect(keys("\u{1B}", "[<0;10;8m", gap: gap) == [.escape])
        #expect(keys("\u{1B}", "[A", gap: gap) == [.escape, .up])
        #expect(keys("\u{1B}", "[200~one\rtwo\u{1B}[201~", gap: gap) == [.escape, .paste("one\ntwo")])
        #expect(keys("\u{1B}[200", "~one\rtwo\u{1B}[201~", gap: .milliseconds(1500)) == [.paste("one\ntwo")])
        #expect(keys("\u{1B}[1;5", "C", gap: .milliseconds(1500)) == [.control(.right)])
        // What the user types after Esc is text.
        #expect(keys("\u{1B}", "[", gap: gap) == [.escape, "["])
        #expect(keys("\u{1B}", "[1] is", gap: gap) == [.escape, "[", "1", "]", " ", "i", "s"])
        #expect(keys("\u{1B}", "OPEN", gap: gap) == [.escape, "O", "P", "E", "N"])
        #expect(keys("\u{1B}", "\r", gap: gap) == [.escape, .enter])
        #expect(keys("\u{1B}", "[A", gap: .seconds(3)) == [.escape, "[", "A"])
    }

    // MARK: Pastes

    @Test func aPasteIsOneKeyHoweverItIsTorn() {
        let bytes = Array("\u{1B}[200~one\r\ntwo\rthr\té\n\u{1B}[2Jx\u{1B}[201~!".utf8)
        let expected: [Key] = [.paste("one\ntwo\nthr\té\n\u{1B}[2Jx"), "!"]
        for cut in 1..<bytes.count - 1 {
            var line = Line()
            line.send([Array(bytes[..<cut]), Array(bytes[cut...])], gap: .milliseconds(20))
            #expect(line.keys == expected, "after \(cut) bytes")
        }
    }

    @Test func aSlowPasteComesInPieces() {
        #expect(
            keys("\u{1B}[200~one\r", "two", "\u{1B}[20", "1~\r", gap: .milliseconds(400))
                == [.paste("one\n"), .paste("two"), .enter])
        var line = Line()
        line.send([Array("\u{1B}[200~a".utf8), [0xC3], [0xA4], Array("\u{1B}[201~".utf8)], gap: .seconds(2))
        #expect(line.keys == [.paste("a"), .paste("ä")])
    }

    @Test func aPasteWithoutAnEndIsLeft() {
        #expect(keys("\u{1B}[200~one", "\u{3}", "a", gap: .milliseconds(100)) == [.paste("one"), "a"])
        #expect(keys("\u{1B}[200~one", "a", gap: .seconds(11)) == [.paste("one"), "a"])
    }

    /// Terminals without bracketed paste.
    @Test func linesThatComeAtOnceAreAPaste() {
        #expect(keys("one\rtwo\rthree") == [.paste("one\ntwo\nthree")])
        #expect(keys("/quit\r\nnot yet\r") == [.paste("/quit\nnot yet\n")])
        #expect(keys("a\tb") == [.paste("a\tb")])
        // What follows at once belongs to it; a key press later does not.
        #expect(keys("one\rtwo", "\r", gap: .milliseconds(5)) == [.paste("one\ntwo"), .paste("\n")])
        #expect(keys("one\rtwo", "\r", gap: .milliseconds(200)) == [.paste("one\ntwo"), .enter])
        #expect(keys("one\r\u{1B}[A") == ["o", "n", "e", .enter, .up])
        #expect(keys("\r\r") == [.enter, .enter])
    }

    /// Any bytes, in any pieces: the same text arrives, and nothing waits forever.
    @Test(arguments: 1...40 as ClosedRange<UInt64>) func anyBytesAreTaken(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "\u{1B}", "[", "O", "]", "200~", "201~", "<", ";", ":", "1", "27", "u", "M", "$", "é", "東", "a", "\r",
            "\u{7}", "\u{3}",
        ]
        var line = Line()
        for _ in 0..<400 {
            var bytes = Array((pieces.randomElement(using: &random) ?? "").utf8)
            if Int.random(in: 0..<8, using: &random) == 0 { bytes = [UInt8.random(in: 0...255, using: &random)] }
            line.send([bytes])
            line.pass(.milliseconds(Int.random(in: 0..<90, using: &random)))
        }
        line.pass(.seconds(20))
        line.keys = []
        line.send("x")
        line.pass(.seconds(2))
        #expect(line.keys == ["x"] || line.keys == [.paste("x")])
    }

    @Test(
        arguments: [
            ([:], InputPatience.local), (["SSH_CONNECTION": "1.2.3.4 5 6.7.8.9 22"], .remote),
            (["SSH_TTY": ""], .local),
            (["SSH_TTY": "/dev/pts/3"], .remote),
        ] as [([String: String], InputPatience)])
    func patienceIsLongerOverANetwork(environment: [String: String], expected: InputPatience) {
        #expect(InputPatience(environment: environment) == expected)
    }
}
