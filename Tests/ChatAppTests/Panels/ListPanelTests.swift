import Chat
import Foundation
import TUI
import Testing

@testable import ChatApp

/// What all lists have in common.
@Suite struct ListPanelTests {
    // MARK: Screens

    enum Picker: String, CaseIterable, Sendable { case models, sessions, presets, themes, palette, help, search }

    @Test(arguments: Picker.allCases, [(100, 30), (60, 20), (40, 12)])
    func screens(picker: Picker, size: (Int, Int)) throws {
        var scene = Scene.withLists(size.0, size.1)
        switch picker {
        case .models: scene.press(.function(2), .down)
        case .sessions:
            scene.press(.function(3), .down)
            scene.send(.sessionPreviewed(Scene.preview))
        case .presets: scene.press(.function(5), .down)
        case .themes:
            scene.enter("/theme")
            scene.press(.down)
        case .palette:
            scene.press(.control("p"))
            scene.type("temp")
        case .help:
            scene.press(.function(3), .function(1))
        case .search:
            scene.press(.function(3))
            scene.type("tuples")
            scene.send(
                .sessionsFound(
                    query: "tuples",
                    [
                        SessionMatch(session: "s2", excerpts: ["Compare tuples: items.sort { ($0.a, $0.b)"])
                    ]))
        }
        try expectScreen(view(scene.state), "picker-\(picker.rawValue)-\(size.0)x\(size.1)")
    }

    @Test func matchesOfTheFilterAreMarked() {
        var scene = Scene()
        scene.press(.control("p"))
        scene.type("thm")
        let surface = view(scene.state)
        let match = scene.state.screen.theme.style(.match, on: .selected)
        let marked = surface.cells.filter { $0.style == match }.map(\.text).joined()
        #expect(marked == "thm")
    }
    // MARK: Moving around

    /// A quick user opens it before the disk has been read. What has been selected since then stays.
    @Test func aListThatIsOpenBeforeItsModelsAreKnownStartsAtTheOneInUse() {
        for moves in [false, true] {
            var scene = Scene()
            scene.send(.modelsLoaded([Scene.models[1]]))
            scene.press(.function(2))
            if moves { scene.press(.end) }
            let before = scene.list?.selectedEntry?.choice
            scene.send(.modelsLoaded(Scene.models))
            #expect(scene.list?.selectedEntry?.isCurrent == !moves)
            if moves { #expect(scene.list?.selectedEntry?.choice == before) }
        }
    }

    /// A list of many sessions.
    private func long() -> Scene {
        var scene = Scene(80, 24)
        scene.send(
            .sessionsListed(
                (0..<100).map { number in
                    SessionSummary(
                        id: "n\(number)", title: "session \(number)", updated: scene.now - Double(number) * 60,
                        model: nil,
                        messageCount: 1)
                }))
        scene.press(.function(3))
        return scene
    }

    @Test func keysMoveThroughTheListAndScrollToTheSelection() {
        var scene = long()
        #expect(scene.selectedTitle == "session 0")
        scene.press(.pageDown)
        #expect(scene.selectedTitle == "session 15")
        scene.press(.end)
        #expect(scene.selectedTitle == "session 99")
        #expect(scene.shows("›  session 99"))
        scene.press(.up)
        // The list scrolls only when it has to.
        #expect(scene.shows("   session 99"))
        scene.press(.home)
        #expect(scene.selectedTitle == "session 0")
        scene.press(.up)
        #expect(scene.selectedTitle == "session 0")
        scene.type("session 77")
        #expect(scene.selectedTitle == "session 77")
        scene.press(.control("u"))
        scene.send(.resize(Size(width: 40, height: 8)))
        scene.press(.end)
        #expect(scene.shows("session 99"))
    }

    @Test func theScrollBarShowsThePosition() {
        var scene = long()
        func thumb(_ scene: Scene) -> [Int] { scene.rows.indices.filter { scene.rows[$0].contains("┃") } }
        let top = thumb(scene)
        scene.press(.end)
        let bottom = thumb(scene)
        #expect(top.count == bottom.count && !top.isEmpty)
        #expect((top.first ?? 9) < (bottom.first ?? 0))
        scene.type("session 7")
        scene.press(.control("u"))
        scene.type("session 77")
        #expect(thumb(scene).isEmpty)
    }

    @Test func theMouseSelectsChoosesScrollsAndCloses() throws {
        var scene = long()
        let row = try #require(scene.rows.firstIndex { $0.contains("session 4 ") })
        #expect(scene.press(.click(Point(x: 10, y: row))).isEmpty)
        #expect(scene.selectedTitle == "session 4")
        #expect(scene.press(.click(Point(x: 10, y: row))) == [.loadSession("n4")])
        scene.press(.function(3), .wheelDown, .wheelDown)
        #expect(!scene.shows("session 0 "))
        #expect(scene.selectedTitle == "session 6")
        let sixth = try #require(scene.rows.firstIndex { $0.contains("session 9 ") })
        scene.press(.click(Point(x: 10, y: sixth)))
        #expect(scene.selectedTitle == "session 9")
        scene.press(.click(Point(x: 0, y: 10)))
        #expect(scene.state.screen.panels.isEmpty)
    }

    /// Also after the window has become lower.
    @Test func aClickDoesNotScroll() throws {
        var scene = long()
        for _ in 0..<12 { scene.press(.down) }
        scene.send(.resize(Size(width: 80, height: 10)))
        let row = try #require(scene.rows.firstIndex { $0.contains("session 9 ") })
        scene.press(.click(Point(x: 10, y: row)))
        #expect(scene.rows[row].contains("›  session 9 "))
    }

    @Test func aSessionWithoutADateHasNoAge() {
        var scene = Scene(80, 24)
        let epoch = Date(timeIntervalSince1970: 0)
        scene.send(
            .sessionsListed([SessionSummary(id: "s8", title: "undated", updated: epoch, model: nil, messageCount: 3)]))
        scene.press(.function(3))
        #expect(scene.rows.contains { $0.contains("undated") && $0.contains("3 messages") && !$0.contains("mo ") })
    }

    @Test func theSelectedEntryStaysSelectedWhenTheListChanges() {
        var scene = Scene.withLists()
        scene.press(.function(3), .down)
        #expect(scene.selectedTitle == "Sorting in Swift")
        var sessions = Scene.sessions(scene.now)
        sessions.insert(
            SessionSummary(id: "s9", title: "newer", updated: scene.now + 1, model: nil, messageCount: 1), at: 0)
        scene.send(.sessionsListed(sessions))
        #expect(scene.selectedTitle == "Sorting in Swift")
    }

}
