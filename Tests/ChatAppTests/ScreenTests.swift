import Chat
import ChatApp
import Foundation
import TUI
import Testing

/// Complete screens at several sizes.
@Suite struct ScreenTests {
    static let sizes = [(80, 24), (40, 12), (20, 6), (120, 40)]

    private func conversation(_ width: Int, _ height: Int) -> Scene {
        var scene = Scene(width, height)
        scene.talk(
            "What is a good first day in Kyoto?",
            """
            # A slow start

            Start early at **Fushimi Inari**, before the crowds, and walk *up* until it is quiet.

            1. Fushimi Inari at sunrise
            2. Nishiki market for lunch, where the pickles are worth the queue
            - 清水寺 in the afternoon 👍

            ```swift
            print("ありがとう")
            ```
            """)
        scene.enter("and in the afternoon?")
        scene.send(.reply(ReplyID(number: 2), .context(used: 812, limit: 8192)))
        scene.stream("Cross the river to the eastern hills, and take the small streets")
        scene.wait(0.25)
        scene.send(.tick)
        return scene
    }

    @Test(arguments: sizes) func aReplyStreams(width: Int, height: Int) throws {
        var scene = conversation(width, height)
        scene.type("a draft")
        try expectScreen(view(scene.state), "streaming-\(width)x\(height)")
    }

    @Test(arguments: sizes) func aNewChatShowsWhatToDo(width: Int, height: Int) throws {
        try expectScreen(view(Scene(width, height).state), "welcome-\(width)x\(height)")
    }

    @Test func scrollingUpShowsHowMuchIsBelow() throws {
        var scene = conversation(80, 24)
        scene.press(.pageUp)
        try expectScreen(view(scene.state), "scrolled-80x24")
    }

    @Test(arguments: [PanelScreen.help, .models, .sessions, .sampling, .presets, .commands], sizes)
    func panels(panel: PanelScreen, size: (Int, Int)) throws {
        var scene = conversation(size.0, size.1)
        scene.finish()
        let hour = 3600.0
        scene.send(
            .sessionsListed([
                SessionSummary(
                    id: "s1", title: "What is a good first day in Kyoto?", updated: scene.now, model: "SmolLM2",
                    messageCount: 4),
                SessionSummary(
                    id: "s2", title: "Sorting in Swift", updated: scene.now - 5 * hour, model: "SmolLM2",
                    messageCount: 12),
                SessionSummary(
                    id: "s3", title: "料理 and \u{1B}[31mescapes", updated: scene.now - 75 * hour, model: nil,
                    messageCount: 2),
            ]))
        scene.press(panel.key)
        try expectScreen(view(scene.state), "\(panel)-\(size.0)x\(size.1)")
    }

    enum PanelScreen: String, CustomStringConvertible, Sendable {
        case help, models, sessions, sampling, presets, commands
        var description: String { rawValue }
        var key: Key {
            switch self {
            case .help: .function(1)
            case .models: .function(2)
            case .sessions: .function(3)
            case .sampling: .function(4)
            case .presets: .function(5)
            case .commands: .control("p")
            }
        }
    }

    @Test func aModelGivenAsAFileIsShownByName() {
        var scene = Scene(80, 24, withModel: false)
        let file = ModelReference(provider: "local", name: "/some/folder/Tiny-1B.Q4_0.gguf")
        scene.send(.modelsLoaded([ModelInfo(reference: file, format: "Q4_0")]))
        #expect(scene.rows[0].hasSuffix("  Tiny-1B · Q4_0 · balanced"))
    }

    @Test func readingAndLoadingShowProgress() throws {
        var scene = Scene()
        scene.enter("Hello")
        let id = ReplyID(number: 1)
        scene.send(.reply(id, .loading(name: "SmolLM2", fraction: 0.42)))
        #expect(scene.shows("● loading SmolLM2 42 %"))
        scene.send(.reply(id, .prefill(done: 0, total: 2048, cached: 0)))
        scene.wait(1.25)
        scene.send(.reply(id, .prefill(done: 512, total: 2048, cached: 0)))
        #expect(scene.shows("● reading prompt 512/2,048 · 410 tokens/s · 4 s left"))
        try expectScreen(view(scene.state), "reading-80x24")
    }

    @Test func aTooSmallWindowShowsWhatIsNeeded() {
        for (width, height) in [(19, 6), (20, 5), (5, 1), (1, 1), (0, 0)] {
            let surface = view(conversation(width, height).state)
            #expect(surface.size == Size(width: width, height: height))
        }
        #expect(conversation(19, 6).rows[0].hasPrefix("Too small: 20×6"))
    }

    /// Every word of a warning can be read in any window: at once if there is room, else one part at a time.
    @Test(arguments: [(20, 6), (30, 10), (40, 12), (100, 30)]) func everyWordOfANoticeCanBeRead(width: Int, height: Int)
    {
        var scene = conversation(width, height)
        scene.finish()
        for click in [false, true] {
            scene.enter("/set temperature 9")
            #expect(scene.rows.contains { $0.contains("› W") })
            var parts: [String] = []
            while let row = scene.rows.firstIndex(where: { $0.hasPrefix(" ! ") }), parts.count < 9 {
                let lines = scene.rows[row...].prefix { !$0.contains("─") }
                parts.append(lines.joined(separator: " "))
                scene.press(click ? .click(Point(x: 3, y: row)) : .escape)
            }
            let words = parts.joined(separator: " ").split(separator: " ").filter {
                !["!", "Esc", "Esc↓"].contains($0)
            }
            #expect(words.joined(separator: " ") == "temperature must be a number from 0 to 5, not \"9\"")
            #expect(height == 6 ? parts.count > 1 : parts.count == 1)
            #expect(scene.state.screen.notices.current == nil)
        }
    }

    @Test func anInfoThatIsBeingReadStays() {
        var scene = Scene(20, 6)
        scene.enter("/set temperature")
        #expect(scene.shows("· temperature"))
        scene.wait(5)
        scene.press(.escape)
        let part = scene.rows
        scene.wait(5)
        scene.send(.tick)
        #expect(scene.rows == part)
        scene.wait(2)
        scene.send(.tick)
        #expect(scene.state.screen.notices.current == nil)
    }

    /// A notice is shown on the bottom line of the open panel, whose frame stays complete.
    @Test(arguments: [(20, 6), (40, 12), (100, 30)]) func aPanelShowsANoticeOnItsBottomLine(width: Int, height: Int)
        throws
    {
        var scene = conversation(width, height)
        scene.press(.function(2))
        let before = scene.rows
        scene.send(.notice(Notice(.error, "a mishap")))
        let differing = zip(before, scene.rows).filter { $0 != $1 }.map(\.1)
        #expect(differing.count == 1)
        #expect(try #require(differing.first).contains("╰─ ✗ a mishap ─"))
        scene.press(.down, .up)
        #expect(scene.rows == before)
        scene.press(.escape)
        #expect(scene.shows("✗ a mishap"))
    }

    @Test func everySizeDrawsAndKeepsTheCursorInside() {
        for width in stride(from: 20, through: 300, by: 7) {
            for height in stride(from: 6, through: 100, by: 5) {
                var scene = conversation(80, 24)
                scene.send(.resize(Size(width: width, height: height)))
                scene.send(.notice(Notice(.error, "something went wrong")))
                scene.press(.paste("one\ntwo\nthree\nfour five six seven eight nine ten"))
                let surface = view(scene.state)
                let cursor = surface.cursor
                #expect(cursor.map { $0.x < width && $0.y < height && $0.x >= 0 && $0.y >= 0 } == true)
                #expect(surface.rows.contains { $0.contains("✗ something") })
            }
        }
    }

    @Test func theThemeColoursWhatItNames() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let files = try ["dark", "light"].map { name in
            let text = try String(contentsOf: root.appending(path: "themes/\(name).json"), encoding: .utf8)
            return ThemeLibrary.File(label: name, name: name, text: text)
        }
        for theme in ThemeLibrary(files).themes {
            var scene = conversation(80, 24)
            scene.send(.themesLoaded([theme]))
            let surface = view(scene.state)
            #expect(surface[1, 0].style == theme.style(.headerTitle))
            #expect(Set(surface.cells.map(\.style.background)).contains(theme.style(.text).background))
        }
    }
}
