import Testing

@testable import ChatApp

@Suite struct FuzzyMatchTests {
    private func score(_ pattern: String, _ text: String) -> Int? { FuzzyMatch(pattern, in: text)?.score }

    /// The texts that contain the pattern, best match first.
    private func ranked(_ pattern: String, _ texts: [String]) -> [String] {
        texts.compactMap { text in score(pattern, text).map { (text, $0) } }.sorted { $0.1 > $1.1 }.map(\.0)
    }

    @Test(arguments: [
        ("set", ["set", "settings", "/set NAME VALUE", "reset it", "some extra text"]),
        ("theme", ["theme", "themes", "/theme [NAME]", "the messages"]),
        ("q4", ["Q4_1", "SmolLM2 Q4_1", "quality 4"]),
        ("gem270", ["gemma-3-270m", "great elm 2 and 70"]),
        ("st", ["st", "stats", "show themes", "rest", "short"]),
    ])
    func betterMatchesComeFirst(pattern: String, texts: [String]) {
        #expect(ranked(pattern, texts.reversed()) == texts)
    }

    @Test(arguments: [
        ("kyoto", "Kyōto in spring"), ("ÉTÉ", "un été"), ("sl", "SmolLM2"), ("料理", "日本の料理"),
        ("in kyoto", "Kyoto, indoors"), ("", "anything"),
    ])
    func caseAndAccentsAndOrderOfWordsAreIgnored(pattern: String, text: String) {
        #expect(score(pattern, text) != nil)
    }

    @Test(arguments: [("abc", "acb"), ("kyoto osaka", "Kyoto"), ("aa", "a"), ("x", "")])
    func otherTextsDoNotMatch(pattern: String, text: String) {
        #expect(score(pattern, text) == nil)
    }

    @Test func theBestPositionIsMarkedAndNotTheFirst() {
        #expect(FuzzyMatch("set", in: "some tests set")?.positions == [11, 12, 13])
        #expect(FuzzyMatch("mn", in: "model NAME")?.positions == [0, 6])
        #expect(FuzzyMatch("b a", in: "a b")?.positions == [0, 2])
    }

    /// Every subsequence of a text is found, nothing else is, and the marked characters are the pattern's.
    @Test func everySubsequenceIsFound() {
        var random = SplitMix(state: 7)
        let letters = Array("abcdAB-_ 1")
        for _ in 0..<2000 {
            let text = String((0..<random.below(14)).map { _ in letters[random.below(letters.count)] })
            let pattern = String((0..<(1 + random.below(4))).map { _ in letters[random.below(8)] })
            let wanted = Array(pattern.lowercased())
            var rest = wanted[...]
            for character in text.lowercased() where character == rest.first { rest.removeFirst() }
            let match = FuzzyMatch(pattern, in: text)
            #expect((match != nil) == rest.isEmpty, "\(pattern) in \(text)")
            if let match {
                let characters = Array(text.lowercased())
                #expect(match.positions.sorted().map { characters[$0] } == wanted, "\(pattern) in \(text)")
            }
        }
    }

    @Test func longAndStrangeTextIsBounded() {
        let long = String(repeating: "ab ", count: 100_000)
        #expect(score(String(repeating: "a", count: 10_000), long) != nil)
        #expect(score("z", long + "z") == nil)
        #expect(score("e\u{301}", "\u{1B}[31m\u{202E}é") != nil)
    }
}

/// The same random numbers in every run.
private struct SplitMix {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ mixed >> 31) % UInt64(limit))
    }
}
