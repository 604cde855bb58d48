import Chat
import ChatApp
import Foundation
import Sampling
import TUI
import Testing

/// The token view of a reply, and branches from it.
@Suite struct TokenTests {
    @Test(arguments: [(100, 30), (40, 12), (20, 6)]) func theTokenView(width: Int, height: Int) throws {
        var scene = Scene(width, height)
        scene.talkInTokens()
        scene.enter("/tokens")
        for _ in 0..<3 { scene.press(.right) }
        try expectScreen(view(scene.state), "tokens-\(width)x\(height)")
    }

    @Test func tOnAMessageOpensItsTokensAndKeysMoveThroughThem() {
        var scene = Scene(100, 30)
        scene.talkInTokens()
        scene.press(.alt(.up), "t")
        #expect(scene.shows("token 1/21 Start 97%"))
        scene.press("n")
        #expect(scene.shows("token 3/21 ·at 31%"))
        scene.press("N", "l", "j")
        #expect(scene.shows("token 13/21 ↵") || scene.shows("token 14/21 ↵"))
        scene.press("G")
        #expect(scene.shows("token 21/21 <|im_end|> 80%"))
        scene.press("g", "N")
        #expect(scene.shows("token 1/21"))
        // Model output is never an escape sequence.
        #expect(!scene.rows.joined().contains("\u{1B}"))
        scene.press(.escape)
        #expect(!scene.shows("Tokens"))
    }

    /// Messages of two sessions have the same ids, and caches outlive a session.
    @Test func tokensOfThePreviousSessionAreNotShownInTheNext() {
        var scene = Scene(100, 30)
        scene.talkInTokens(6)
        scene.press(.alt("p"))
        scene.enter("/tokens")
        #expect(scene.shows("Start early at"))
        scene.press(.escape)
        scene.send(.sessionLoaded(SessionRecord(id: "s9", created: scene.now, model: Scene.smol)))
        scene.enter("Another question")
        scene.streamTokens(7..<12)
        scene.finish(tokens: 5)
        scene.enter("/tokens")
        #expect(scene.shows("before the crowds"))
        #expect(!scene.shows("Start early"))
    }

    @Test func aBranchStartsWithTheTokensBeforeItAndContinues() throws {
        var scene = Scene(100, 30)
        scene.talkInTokens()
        let original = try #require(scene.path.last)
        scene.enter("/tokens")
        scene.press(.right, .right, .down)
        let effects = scene.press(.enter)
        let start = try #require(effects.replies.first)
        guard case .saveSession = effects.first else { return #expect(Bool(false), "it is saved first") }
        #expect(start.messages.map(\.content) == ["What is a good first day in Kyoto?", "Start early soon"])
        #expect(start.continued == [0, 1, 1001])
        #expect(start.messages.last?.parent == original.parent)
        scene.streamTokens(3..<6)
        scene.finish(tokens: 3)
        #expect(scene.path.last?.content == "Start early soon Fushimi In")
        #expect(scene.shows("‹ 2/2 ›"))
        #expect(scene.state.session.record.conversation[original.id] == original)
        // The tokens of the branch are known from the first one on.
        scene.enter("/tokens")
        #expect(scene.shows("token 1/6 Start"))
        scene.press(.right, .right)
        #expect(scene.shows("token 3/6 ·soon"))
    }

    @Test func theTokenThatEndsAReplyCanBeChosenAndAvoided() throws {
        var scene = Scene(100, 30)
        scene.talkInTokens()
        scene.enter("/tokens")
        scene.press("G", .down)
        let start = try #require(scene.press(.enter).replies.first)
        #expect(start.continued?.count == 21)
        #expect(start.continued?.last == 7)
        #expect(start.messages.last?.content.hasSuffix(" And") == true)
        scene.finish(.cancelled, tokens: 0)

        scene.talkInTokens(3)
        scene.enter("/tokens")
        scene.press("G")
        let effects = scene.press(.enter)
        #expect(effects.replies.isEmpty)
        #expect(scene.path.last?.content == "Start early at")
        #expect(scene.path.last?.origin?.stats?.stop == .endOfTurn)
    }

    @Test func tokensOfAnotherModelCannotBeBranchedFrom() {
        var scene = Scene(100, 30)
        scene.talkInTokens()
        scene.enter("/model gemma")
        scene.enter("/tokens")
        #expect(scene.press(.enter).replies.isEmpty)
        #expect(scene.notice.contains("Choose it with /model"))
    }

    @Test func aContinuationStartsFromTheTokens() throws {
        var scene = Scene(100, 30)
        scene.enter("Hi")
        scene.streamTokens(0..<4)
        scene.press(.escape)
        scene.finish(.cancelled, tokens: 4)
        let start = try #require(scene.enter("/continue").replies.first)
        #expect(start.continued == [0, 1, 2, 3])
        scene.streamTokens(4..<6)
        scene.finish(tokens: 2)
        scene.enter("/tokens")
        #expect(scene.shows("token 1/6"))
    }

    @Test func unknownTokensAreReadWithProgressAndReadingCanBeStopped() throws {
        var scene = Scene(100, 30)
        scene.talk("Hi", "Hello there")
        // A reply without tokens: the engine gets only its text.
        let start = try #require(scene.enter("/tokens").inspections.first)
        #expect(start.aim == .lastMessage)
        #expect(start.messages.map(\.content) == ["Hi", "Hello there"])
        #expect(start.continued == nil)
        scene.send(.inspection(start.id, .progress(done: 12, total: 40)))
        #expect(scene.shows("12 of 40 tokens"))
        #expect(scene.press(.escape) == [.stopInspection(start.id)])
        // A late answer changes nothing.
        scene.send(.inspection(start.id, .tokens([Scene.token(0)])))

        let again = try #require(scene.enter("/tokens").inspections.first)
        #expect(again.id != start.id)
        scene.send(.inspectionFailed(again.id, "no memory"))
        #expect(scene.shows("! no memory"))
        let third = try #require(scene.press(.enter).inspections.first)
        #expect(scene.send(.inspection(third.id, .tokens((0..<5).map { Scene.token($0) }))).isEmpty)
        #expect(scene.shows("token 1/5"))
    }

    @Test func aReplyStopsTheReadingOfTokens() throws {
        var scene = Scene(100, 30)
        scene.talk("Hi", "Hello there")
        let start = try #require(scene.enter("/tokens").inspections.first)
        scene.press(.escape)
        #expect(scene.effects.contains(.stopInspection(start.id)))
        scene.enter("Again")
        // The token view of an earlier reply waits for the running one.
        #expect(scene.enter("/tokens").inspections.isEmpty)
        #expect(scene.shows("will be computed when the current reply is finished"))
        scene.stream("Yes")
        #expect(!scene.finish().inspections.isEmpty)
    }

    @Test func theConversationIsColouredByProbability() throws {
        var scene = Scene(100, 30)
        scene.talkInTokens()
        let plain = view(scene.state)
        scene.press(.alt("p"))
        let coloured = view(scene.state)
        let theme = scene.state.screen.theme
        let row = try #require(coloured.rows.firstIndex { $0.contains("Start early at") })
        let line = coloured.rows[row]
        let column = try #require(line.range(of: "Start")).lowerBound.utf16Offset(in: line)
        #expect(coloured[column, row].style == theme.style(.tokenSure))
        #expect(coloured[column + 7, row].style == theme.style(.tokenLikely))
        scene.enter("/tokens off")
        scene.wait(60)
        scene.send(.tick)
        #expect(view(scene.state).rows[row] == plain.rows[row])
        #expect(scene.enter("/tokens maybe").isEmpty)
        #expect(scene.notice.contains("on or off"))
    }

    /// All steps of the scale look different, in every theme and on every terminal with colours.
    @Test func theScaleIsDistinguishableInEveryTheme() throws {
        let roles: [StyleRole] = [.tokenSure, .tokenLikely, .tokenOpen, .tokenUnlikely, .tokenRare, .tokenCursor]
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "themes")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let library = ThemeLibrary(
            try files.map { file in
                ThemeLibrary.File(
                    label: file.lastPathComponent, name: file.deletingPathExtension().lastPathComponent,
                    text: try String(contentsOf: file, encoding: .utf8))
            })
        #expect(library.themes.count > 8)
        for theme in library.themes + [.minimal] {
            for depth in ColorDepth.allCases where theme.name != "minimal" || depth == .none {
                let adapted = theme.adapted(to: depth)
                let looks = roles.map { role -> String in
                    let style = adapted.style(role, on: .panel)
                    let ground = depth.nearest(style.background), ink = depth.nearest(style.foreground)
                    return "\(ink) on \(ground) \(style.attributes.rawValue)"
                }
                #expect(Set(looks).count == roles.count, "\(theme.name) in \(depth): \(looks)")
            }
        }
    }

    /// A character of several tokens is shown once, and branches can split it.
    @Test func tokensOfOneCharacterAreShownAsOne() throws {
        var scene = Scene(100, 30)
        scene.enter("Hi")
        let id = try #require(scene.state.session.reply?.id)
        scene.send(.reply(id, .started(seed: 1, fingerprint: nil)))
        let bytes = Array("寺".utf8)
        for (index, byte) in bytes.enumerated() {
            var token = Scene.token(index)
            token.chosen.bytes = [byte]
            token.alternatives = [token.chosen]
            scene.send(.reply(id, .token(token, text: index == bytes.count - 1 ? "寺" : "")))
        }
        scene.finish(tokens: 3)
        scene.enter("/tokens")
        #expect(scene.shows("token 1/3 <e5> 97%"))
        #expect(scene.shows("寺"))
        let start = try #require(scene.press(.enter).replies.first)
        #expect(start.messages.last?.content == "")
        #expect(start.continued == [0])
    }
}
