import Chat
import Foundation
import Replies
import TUI
import Testing

@testable import ChatApp

/// Rendered replies in which every character has the colour of its token's probability.
@Suite struct TintTests {
    static let document = """
        # A *day* in **Kyoto**

        Start early at [Fushimi Inari](https://inari.jp/en), before the `crowds` &amp; the heat \\*really\\*.

        > Mind the steps: they are
        > steep, and many.

        - first the gate
          1. then the path
          2. then the top
        - [x] 水 and 寺 and 👩‍🚀

        | Hour | What one does then, at length, so that the cell is wrapped |
        | --- | --- |
        | 8 | a walk through the gates, up to the top of the mountain and down again |
        | 12 | noodles |

        ```swift
        let temple = "清水寺" // the old one
            return temple
        ```

        The rest is $x^2 + \\alpha$, which is ~~not~~ said.
        """

    /// Tokens of one to five bytes, with a probability that identifies them.
    static func tokens(_ text: String) -> [ReplyToken] {
        var bytes = Array(text.utf8)[...]
        var tokens: [ReplyToken] = []
        while !bytes.isEmpty {
            let piece = Array(bytes.prefix(1 + tokens.count * 7 % 5))
            bytes = bytes.dropFirst(piece.count)
            let choice = TokenChoice(
                id: Int32(tokens.count), bytes: piece, before: [0.97, 0.62, 0.31, 0.12, 0.03][tokens.count % 5],
                after: 1)
            tokens.append(ReplyToken(chosen: choice, alternatives: [choice]))
        }
        return tokens
    }

    /// A scene with a reply of these tokens, whose reasoning is not part of the text.
    static func scene(_ width: Int, tokens: [ReplyToken], reasoning: String? = nil, text: String) -> Scene {
        var scene = Scene(width, 60)
        scene.enter("Hi")
        guard let id = scene.state.session.reply?.id else { return scene }
        scene.send(.reply(id, .started(seed: 1, fingerprint: nil)))
        for token in tokens { scene.send(.reply(id, .token(token))) }
        if let reasoning { scene.send(.reply(id, .reasoning(reasoning))) }
        scene.send(.reply(id, .text(text)))
        scene.finish()
        scene.press(.alt("p"))
        return scene
    }

    /// The reply's lines as they are drawn.
    static func body(_ scene: Scene, _ width: Int) -> [StyledLine] {
        guard let reply = scene.path.last else { return [] }
        return MessageLines(state: scene.state, layouts: scene.state.screen.layouts, width: width).body(of: reply)
    }

    @Test(arguments: [120, 78, 40, 24])
    func everyCharacterHasItsTokensColour(width: Int) {
        let tokens = Self.tokens(Self.document)
        var scene = Self.scene(width + 2, tokens: tokens, text: Self.document)
        let tinted = Self.body(scene, width)
        scene.press(.alt("p"))
        let plain = Self.body(scene, width)
        #expect(tinted.map(\.text) == plain.map(\.text))

        var letters = 0, untinted = ""
        for span in tinted.flatMap(\.spans) {
            for character in span.text where character.isLetter || character.isNumber {
                letters += 1
                guard let tint = span.tint else {
                    untinted.append(character)
                    continue
                }
                // Some token of that colour contains it, or its end.
                let end = Array(String(character).utf8.suffix(1))
                #expect(
                    tokens.contains {
                        StyleRole.probability($0.chosen.before) == tint && $0.chosen.bytes.contains(end[0])
                    })
            }
        }
        #expect(letters > 300)
        // Two characters of the formula come from the layout.
        #expect(width < 40 || Set(untinted).isSubset(of: "²𝑥𝛼αx"), "\(untinted)")
        #expect(untinted.count * 50 < letters, "\(untinted)")
    }

    /// Plain text is traced exactly.
    @Test func plainTextIsTracedExactly() {
        let text = "Start early, start often, start again: the start is half of it."
        let tokens = Self.tokens(text)
        let line = Self.body(Self.scene(100, tokens: tokens, text: text), 98)[0]
        let owners = tokens.flatMap { token in
            token.chosen.bytes.map { _ in StyleRole.probability(token.chosen.before) }
        }
        let tints = line.spans.flatMap { span in span.text.map { _ in span.tint } }
        #expect(tints == owners.map { $0 })
    }

    /// A streaming reply gets the same colours as a complete one, and unchanged lines are tinted once.
    @Test func streamingGivesTheSameColours() throws {
        let tokens = Self.tokens(Self.document)
        var scene = Scene(80, 60)
        scene.enter("Hi")
        let id = try #require(scene.state.session.reply?.id)
        scene.send(.reply(id, .started(seed: 1, fingerprint: nil)))
        scene.press(.alt("p"))
        var held: [UInt8] = []
        for token in tokens {
            held += token.chosen.bytes
            let text = String(validating: held, as: UTF8.self)
            scene.send(.reply(id, .token(token, text: text ?? "")))
            guard text != nil else { continue }
            held = []
            _ = view(scene.state)
        }
        scene.finish()
        let whole = Self.scene(80, tokens: tokens, text: Self.document)
        #expect(Self.body(scene, 78) == Self.body(whole, 78))
    }

    @Test func reasoningIsLeftOutOfTheAnswersColours() {
        let text = "So be it: so."
        let all = "<think>\nSo, is it so? So be it.\n</think>\n\n" + text
        let tokens = Self.tokens(all)
        let line = Self.body(Self.scene(100, tokens: tokens, reasoning: "So, is it so? So be it.", text: text), 98)[0]
        let owners = tokens.flatMap { token in
            token.chosen.bytes.map { _ in StyleRole.probability(token.chosen.before) }
        }
        #expect(
            line.spans.flatMap { span in span.text.map { _ in span.tint } } == owners.suffix(text.utf8.count).map { $0 }
        )
    }

    /// Code keeps its background and headings their weight if colours show the scale; otherwise attributes do.
    @Test func aTintChangesTheColourAndLeavesTheRest() {
        let theme = Theme.minimal
        #expect(theme.style(.strong, tint: .tokenRare).attributes == theme.style(.tokenRare).attributes)
        #expect(theme.style(.heading, tint: .tokenLikely).attributes == [])
        #expect(theme.style(.emphasis, tint: .tokenOpen).attributes == [.italic, .bold])
        #expect(theme.style(.code, tint: nil) == theme.style(.code))
    }

    /// Tokens unrelated to the text, and characters of many bytes.
    @Test func arbitraryTokensBreakNothing() {
        let texts = ["", " ", "\u{301}\u{301}", "🇩🇪🇩🇪🇩", "a\u{0}b\u{1B}[31m", String(repeating: "xy ", count: 700)]
        for tokens in texts + [Self.document] {
            for text in texts + [Self.document] {
                let scene = Self.scene(40, tokens: Self.tokens(tokens), text: text)
                #expect(view(scene.state).rows.count == 60)
            }
        }
    }
}
