import Chat
import Foundation
import JSON
import Replies
import Testing

@testable import Services

@Suite struct PriceTableTests {
    private func lines(_ text: String) -> [PriceLine] {
        PriceFile(text, label: "FILE", date: "2026-01-02").lines
    }

    private func problems(_ text: String) -> [String] {
        PriceFile(text, label: "FILE", date: "2026-01-02").problems
    }

    private func table(own: String = "[]", shipped: String) -> PriceTable {
        var table = PriceTable()
        (table.own, table.shipped) = (lines(own), lines(shipped))
        return table
    }

    @Test func aLineHasEveryPrice() throws {
        let text = """
            { "format": "sotto.prices", "date": "2026-11-28", "source": "a page", "prices": [
              { "provider": "anthropic", "model": "a", "input": 3, "cachedInput": 0.3, "cacheWrite": 3.75, "output": 15 },
              { "provider": "openai", "model": "b", "input": 1, "output": 2.5, "date": "2025-01-01", "source": "b page" } ] }
            """
        #expect(problems(text) == [])
        #expect(
            lines(text).map(\.price) == [
                Price(
                    input: 3, output: 15, cachedInput: 0.3, cacheWrite: 3.75, date: "2026-11-28", source: "a page"),
                Price(input: 1, output: 2.5, date: "2025-01-01", source: "b page"),
            ])
        let bare = lines(#"[{"provider": "openai", "model": "b", "input": 1, "output": 2}]"#)
        #expect(bare.map(\.price) == [Price(input: 1, output: 2, date: "2026-01-02", source: "FILE")])
    }

    @Test(arguments: [
        ("gpt-5", 1.0), ("gpt-5-2025-08-07", 1), ("gpt-5-mini", 2), ("gpt-5-mini-2025-08-07", 2), ("gpt-5-20250807", 1),
        ("gpt-5-nano", 3), ("gpt-5.1", 3), ("gpt-5-mini-high", 3), ("gpt-5-2025", 3), ("gpt-4", nil), ("", nil),
    ])
    func theLongestPatternWins(model: String, input: Double?) {
        let table = table(
            shipped: """
                [{"provider": "openai", "model": "gpt-5*", "input": 3, "output": 9},
                 {"provider": "openai", "model": "gpt-5", "input": 1, "output": 9},
                 {"provider": "openai", "model": "gpt-5-mini", "input": 2, "output": 9}]
                """)
        #expect(table.price(of: model, kind: .openai)?.input == input)
        #expect(table.price(of: model, kind: .compatible) == nil)
    }

    @Test func ownLinesWinEvenIfTheirPatternIsShorter() {
        let table = table(
            own: #"[{"provider": "openai", "model": "gpt*", "input": 7, "output": 9}]"#,
            shipped: #"[{"provider": "openai", "model": "gpt-5", "input": 1, "output": 9}]"#)
        #expect(table.price(of: "gpt-5", kind: .openai)?.input == 7)
    }

    @Test func aServicesOwnNameComesBeforeItsKind() {
        let table = table(
            own: """
                [{"provider": "openai-compatible", "model": "llama-70b", "input": 1, "output": 1},
                 {"provider": "groq", "model": "llama*", "input": 2, "output": 2}]
                """, shipped: "[]")
        #expect(table.price(of: "llama-70b", kind: .compatible, id: "groq")?.input == 2)
        #expect(table.price(of: "llama-70b", kind: .compatible, id: "rack")?.input == 1)
    }

    @Test(arguments: [
        (#"[{"model": "a", "input": 1, "output": 1}]"#, "FILE, line 1: a price needs a provider and a model"),
        (#"[{"provider": "p", "model": "*a", "input": 1, "output": 1}]"#, "FILE, line 1: a price needs a provider"),
        (#"[{"provider": "p", "model": "", "input": 1, "output": 1}]"#, "FILE, line 1: a price needs a provider"),
        (#"[{"provider": "p", "model": "a", "input": 1}]"#, "FILE, line 1: a price needs input and output"),
        (
            #"[{"provider": "p", "model": "a", "input": -1, "output": 1}]"#,
            "FILE, line 1: a price needs input and output"
        ),
        (#"[{"provider": "p", "model": "a", "input": 1e99, "output": 1}]"#, "FILE, line 1: a price needs input and"),
        (
            #"[{"provider": "p", "model": "a", "input": 1, "output": 1, "cacheWrite": "x"}]"#,
            "FILE, line 1: a price needs input and"
        ),
        ("[\n3]", "FILE: price 1 is not an object"), ("{}", "FILE: there is no list of prices"),
        ("3", "FILE: there is no list of prices"), ("[", "FILE, line 1: invalid JSON"),
        (#"{"format": "sotto.session", "prices": []}"#, "FILE: the format is not"),
    ])
    func mistakesAreDescribed(text: String, problem: String) {
        #expect(lines(text) == [])
        #expect(problems(text).count == 1)
        #expect(problems(text).first?.hasPrefix(problem) == true, "\(problems(text))")
    }

    @Test func missingFilesAreEmpty() {
        let (table, problems) = PriceTable.load(shipped: "/nowhere/prices.json", own: nil)
        #expect(table == PriceTable())
        #expect(problems == [])
        #expect(PriceTable.load(shipped: nil, own: "/tmp").problems == ["/tmp: not a regular file"])
    }

    // MARK: The shipped file

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test func theShippedFileIsSound() throws {
        let path = Self.root.appending(path: "services/prices.json").path
        let (table, problems) = PriceTable.load(shipped: path, own: nil)
        #expect(problems == [])
        #expect(table.shipped.count > 100)
        for line in table.shipped {
            #expect(ServiceKind(rawValue: line.provider) != nil)
            #expect(line.price.source != "see each line; US dollars per million tokens, standard tier")
            #expect(line.price.date.hasPrefix("2026-"))
            #expect(line.price.input > 0 && line.price.output >= line.price.input, "\(line)")
            #expect(line.price.cachedInput.map { $0 < line.price.input } ?? true, "\(line)")
        }
        let sonnet = table.price(of: "claude-sonnet-4-5-20250929", kind: .anthropic)
        #expect(sonnet?.input == 3)
        #expect(sonnet?.cacheWrite == 3.75)
        #expect(table.price(of: "claude-opus-4-20250514", kind: .anthropic)?.input == 15)
        #expect(table.price(of: "gpt-5-mini-2025-08-07", kind: .openai)?.output == 2)
        #expect(table.price(of: "qwen3:4b", kind: .ollama) == nil)
    }

    /// 1,000 plain, 8,000 cached and 1,000 written tokens, and 500 generated ones.
    @Test func aReplyCostsWhatItsPartsCost() throws {
        let path = Self.root.appending(path: "services/prices.json").path
        let price = try #require(
            PriceTable.load(shipped: path, own: nil).table.price(of: "claude-sonnet-4-5", kind: .anthropic))
        var stats = ReplyStats(promptTokens: 10_000, cachedTokens: 8000, generatedTokens: 500, stop: .endOfTurn)
        stats.cacheWriteTokens = 1000
        #expect(abs(price.cost(of: stats).dollars - (0.003 + 0.0024 + 0.00375 + 0.0075)) < 1e-12)
    }
}
