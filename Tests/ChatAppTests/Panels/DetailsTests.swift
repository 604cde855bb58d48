import Chat
import TUI
import Testing

@testable import ChatApp

/// The details of the selected row, which a key shows in windows of any size.
@Suite struct DetailsTests {
    private func scene(_ width: Int, _ height: Int) -> Scene {
        var scene = Scene(width, height)
        scene.send(.modelsLoaded(Scene.models))
        scene.send(
            .sessionsListed([
                SessionSummary(
                    id: "s1", title: "Sorting in Swift", updated: scene.now, model: "SmolLM2", messageCount: 4)
            ]))
        scene.talkInTokens(20)
        return scene
    }

    /// The lines inside the panel.
    private func lines(_ scene: Scene) -> [String] {
        guard let area = scene.state.screen.panels.top?.layout(scene.state.screen.size)?.rows else { return [] }
        return scene.rows[area.y..<area.maxY].map {
            String($0.padded(to: area.maxX).dropFirst(area.x).prefix(area.width))
        }
    }

    /// All lines of the panel, page by page.
    private func pages(_ scene: inout Scene) -> [String] {
        var seen: [String] = []
        for _ in 0..<80 {
            let page = lines(scene)
            if seen.suffix(page.count) == page[...] { break }
            seen += page
            scene.press(.pageDown)
        }
        return seen
    }

    @Test(arguments: [Key.function(1), .function(2), .function(3), .function(5), .control("p")])
    func allDetailsCanBeReadInAnyWindow(list: Key) throws {
        var high = scene(20, 70), small = scene(20, 6), wide = scene(120, 60)
        for _ in 0..<12 {
            for number in 0..<3 {
                var scene = [high, small, wide][number]
                if scene.state.screen.panels.isEmpty { scene.press(list) } else { scene.press(.down) }
                scene.press(.control("o"))
                if number == 0 { high = scene } else if number == 1 { small = scene } else { wide = scene }
            }
            let all = lines(high).filter { !$0.allSatisfy { $0 == " " } }
            #expect(!all.isEmpty)
            let read = Set(pages(&small))
            for line in all { #expect(read.contains(line), "\(line)") }
            // A wide window shows the same, with other line breaks.
            func letters(_ lines: [String]) -> String { lines.joined().filter { !$0.isWhitespace } }
            #expect(letters(all) == letters(lines(wide)))
            for number in 0..<3 {
                var scene = [high, small, wide][number]
                scene.press(.escape)
                #expect(scene.state.screen.panels.top?.details == nil && !scene.state.screen.panels.isEmpty)
                if number == 0 { high = scene } else if number == 1 { small = scene } else { wide = scene }
            }
        }
    }

    /// A setting can be changed while its details are open, and the next token follows.
    @Test func theNextTokenIsShownInTheSmallestWindow() throws {
        var scene = scene(20, 6)
        let question = try #require(scene.press(.function(4)).inspections.first)
        scene.send(.inspection(question.id, .nextToken(Scene.nextToken())))
        scene.press(.control("o"))
        try expectScreen(view(scene.state), "setting-details-20x6")
        var seen = pages(&scene).joined(separator: "\n")
        for text in ["randomness; 0", "number from 0", "0.8", "leaves 40"] { #expect(seen.contains(text), "\(text)") }
        #expect(scene.rows[0].contains("0.8 · tempe"))
        // Changing the setting does not scroll.
        scene.press(.home)
        for _ in 0..<8 { scene.press(.pageDown) }
        let before = lines(scene)
        for _ in 0..<8 { scene.press(.alt(.left)) }
        #expect(scene.rows[0].contains("0 · tempe"))
        #expect(lines(scene) != before)
        scene.press(.home)
        seen = pages(&scene).joined(separator: "\n")
        #expect(seen.contains("leaves 1") && !seen.contains("leaves 40"))
        scene.press(.down)
        #expect(scene.rows[0].contains("off · dynat"))
        scene.press(.escape)
        #expect(scene.shows("›dynat"))
        scene.press(.escape)
        #expect(scene.state.screen.panels.isEmpty)
    }

    /// The reason why a value was refused can be read to its end.
    @Test func aRefusalCanBeReadInFull() {
        var scene = scene(20, 6)
        scene.press(.function(4))
        scene.type("99")
        scene.press(.enter)
        #expect(scene.shows("Ctrl-O more"))
        scene.press(.control("o"))
        #expect(pages(&scene).joined().filter { !$0.isWhitespace }.contains("0to5"))
        #expect(scene.rows[0].contains("99▏"))
        // Also after scrolling while a value is typed.
        scene.press(.pageDown, .enter)
        #expect(scene.rows[1].contains("! temperature"))
    }

    /// The details have the next token and the setting if there is no room next to the rows.
    @Test(arguments: [(40, 12), (80, 24)]) func detailsOfASetting(width: Int, height: Int) throws {
        var scene = scene(width, height)
        let question = try #require(scene.press(.function(4)).inspections.first)
        scene.send(.inspection(question.id, .nextToken(Scene.nextToken())))
        scene.press(.down, .control("o"))
        try expectScreen(view(scene.state), "setting-details-\(width)x\(height)")
    }

    @Test func typingGoesBackToTheList() {
        var scene = scene(20, 6)
        scene.press(.function(2), .control("o"))
        #expect(scene.rows[1].contains("SmolLM2-135M-Ins"))
        scene.type("smol")
        #expect(scene.shows("› smol"))
        scene.press(.control("o"), .wheelDown, .click(Point(x: 5, y: 2)))
        #expect(scene.state.screen.panels.top?.details != nil)
        scene.press(.control("o"))
        #expect(scene.shows("› smol"))
    }

    /// The position of a text on the screen.
    private func position(of text: String, _ scene: Scene) throws -> Point {
        let y = try #require(scene.rows.firstIndex { $0.contains(text) })
        let start = try #require(scene.rows[y].range(of: text)).lowerBound
        return Point(x: scene.rows[y].distance(from: scene.rows[y].startIndex, to: start), y: y)
    }

    /// A click on a key at the bottom of a panel presses it.
    @Test func keysAtTheBottomCanBeClicked() throws {
        var scene = scene(40, 12)
        scene.press(.function(2))
        scene.press(.click(try position(of: "Ctrl-O more", scene)))
        #expect(scene.state.screen.panels.top?.details != nil)
        scene.press(.click(try position(of: "Esc back", scene)))
        #expect(!scene.state.screen.panels.isEmpty && scene.state.screen.panels.top?.details == nil)
        scene.press(.down, .click(try position(of: "Enter switch", scene)))
        #expect(scene.state.session.record.model == Scene.gemma && scene.state.screen.panels.isEmpty)
        scene.press(.function(6), .control("o"))
        #expect(scene.shows("Start early at"))
        // A click between two keys does nothing.
        let gap = try position(of: "  Enter show", scene)
        scene.press(.click(gap))
        #expect(scene.state.screen.panels.top?.details != nil)
        scene.press(.click(Point(x: gap.x + 3, y: gap.y)))
        #expect(scene.state.screen.panels.isEmpty)
    }

    /// So can the keys of a selected message in the status line, next to the progress of a reply.
    @Test func keysOfAMessageCanBeClicked() throws {
        var scene = scene(100, 30)
        scene.press(.alt(.up))
        let copied = scene.press(.click(try position(of: "y copy", scene)))
        #expect(copied.contains { if case .copy = $0 { true } else { false } })
        scene.enter("And then?")
        scene.streamTokens(0..<5)
        scene.press(.alt(.up))
        let status = try #require(scene.rows.last)
        #expect(status.contains("● 1 tok") && status.contains("e edit"), "\(status)")
    }
}
