import Chat
import TUI
import Testing

@testable import ChatApp

/// Panels that open over each other.
@Suite struct PanelStackTests {
    private func kinds(_ scene: Scene) -> [String] {
        var panels = scene.state.screen.panels
        var kinds: [String] = []
        while let top = panels.top {
            kinds.insert(top.kind.name, at: 0)
            panels.pop()
        }
        return kinds
    }

    @Test func closingGoesBackToThePanelBelow() {
        var scene = Scene.withLists()
        scene.press(.function(3))
        scene.type("sorting")
        scene.press(.function(2), .function(1))
        #expect(kinds(scene) == ["sessions", "models", "help"])
        scene.press(.escape, .escape)
        #expect(scene.shows("› sorting") && scene.selectedTitle == "Sorting in Swift")
        scene.press(.escape)
        #expect(kinds(scene).isEmpty)
    }

    /// A key closes its panel, or closes those above it.
    @Test func thereIsOnePanelOfAKind() {
        var scene = Scene.withLists()
        scene.press(.function(3), .function(4), .function(5), .function(4))
        #expect(kinds(scene) == ["sessions", "sampling"])
        scene.press(.function(4))
        #expect(kinds(scene) == ["sessions"])
        scene.send(.document(title: "Template", text: "one"))
        scene.send(.document(title: "Prompt", text: "two"))
        #expect(kinds(scene) == ["sessions", "document"] && scene.shows("Prompt"))
    }

    @Test func choosingClosesAllPanels() {
        var scene = Scene.withLists()
        scene.press(.function(4), .function(1))
        scene.type("/branch")
        scene.press(.enter)
        #expect(kinds(scene) == ["branches"])
        scene.press(.function(2), .end, .up, .enter)
        #expect(kinds(scene).isEmpty && scene.state.session.record.model == Scene.gemma)
        // The palette's keys work outside panels.
        scene.press(.function(4), .control("p"))
        scene.type("search the conversation")
        scene.press(.enter)
        #expect(kinds(scene).isEmpty && scene.state.reading.search != nil)
    }

    @Test func theComparisonGoesBackToTheTree() {
        var scene = Scene()
        scene.talk("Where?", "There.")
        scene.enter("/regen")
        scene.stream("Here.")
        scene.finish()
        scene.press(.function(6), " ", .up, "s")
        #expect(kinds(scene) == ["branches", "comparison"])
        scene.press(.escape)
        #expect(kinds(scene) == ["branches"] && scene.shows("◆"))
        scene.press("s", .tab, .enter)
        #expect(kinds(scene).isEmpty)
    }

    /// Also while another panel is on top.
    @Test func panelsBelowAreKeptUpToDate() {
        var scene = Scene.withLists()
        scene.press(.function(3), .function(1))
        scene.send(
            .sessionsListed([
                SessionSummary(id: "s9", title: "newer", updated: scene.now, model: nil, messageCount: 1)
            ]))
        scene.press(.escape)
        #expect(scene.shows("Sessions (1)") && scene.shows("newer"))
    }

    @Test func anotherSessionClosesAllPanelsButTheSessions() {
        var scene = Scene.withLists()
        scene.press(.function(3), .function(1))
        scene.send(.sessionLoaded(SessionRecord(id: "s2", created: scene.now)))
        #expect(kinds(scene) == ["sessions"])
        scene.press(.escape, .function(4))
        scene.send(.sessionLoaded(SessionRecord(id: "s3", created: scene.now)))
        #expect(kinds(scene).isEmpty)
    }

    /// Esc discards what is typed, then closes the details, then the panel.
    @Test func escapeClosesOneThingAtATime() {
        var scene = Scene.withLists()
        scene.press(.function(4), .control("o"))
        scene.type("0.5")
        scene.press(.escape)
        #expect(scene.state.screen.panels.top?.isEntering == false && scene.state.screen.panels.top?.details != nil)
        scene.press(.escape)
        #expect(scene.state.screen.panels.top?.details == nil && kinds(scene) == ["sampling"])
        scene.press(.escape)
        #expect(kinds(scene).isEmpty)
    }

    @Test func everyKindHasANameKeyAndCommandOfItsOwn() {
        let kinds = PanelKind.all
        #expect(Set(kinds.map(\.name)).count == kinds.count)
        let keys = kinds.compactMap(\.key)
        #expect(Set(keys).count == keys.count)
        for kind in kinds { #expect(kind.key == nil && kind.command == nil || !kind.summary.isEmpty, "\(kind.name)") }
        #expect(Set(CommandTable.names).count == CommandTable.names.count)
    }
}
