import Chat
import Foundation
import TUI
import Testing

@testable import ChatApp

/// The list of sessions.
@Suite struct SessionListTests {
    @Test func sessionsAreRenamedDuplicatedExportedAndDeleted() {
        var scene = Scene.withLists()
        scene.press(.function(3), .down)
        scene.press(.control("r"))
        #expect(scene.shows("title: Sorting in Swift"))
        scene.press(.control("u"))
        scene.type("Sorting")
        #expect(scene.press(.enter) == [.session(.rename("s2", title: "Sorting"))])
        #expect(scene.press(.control("d")) == [.session(.duplicate("s2", title: nil, opens: false))])
        scene.press(.control("x"))
        #expect(scene.shows("file (.md or .json): Sorting in Swift.md"))
        scene.press(.control("w"), .control("w"), .control("w"))
        scene.type("out.txt")
        #expect(scene.press(.enter).isEmpty)
        #expect(scene.notice == "Unsupported format .txt; use .md or .json")
        scene.press(.backspace, .backspace, .backspace)
        scene.type("json")
        guard case .session(.export("s2", let export))? = scene.press(.enter).first else {
            Issue.record("no export")
            return
        }
        #expect(export.file == "out.json")
        #expect(export.format == .json)
        scene.press(.delete)
        #expect(scene.effects.last == .deleteSession("s2"))
        #expect(scene.press(.control("_")) == [.session(.restore("s2", opens: false))])
        #expect(scene.press(.control("_")).isEmpty)
        scene.press(.control("r"), .escape)
        #expect(scene.shows("Sessions (4)"))
        scene.press(.escape)
        #expect(scene.state.screen.panels.isEmpty)
    }

    @Test func theOpenSessionIsRenamedInTheListToo() {
        var scene = Scene.withLists()
        scene.press(.function(3), .control("r"), .control("u"))
        scene.type("Kyoto")
        #expect(scene.press(.enter).contains(.saveSession(scene.state.session.record)))
        #expect(scene.selectedTitle == "Kyoto")
        #expect(scene.state.session.record.title == "Kyoto")
    }

    @Test func deletingTheOpenSessionStartsANewOne() {
        var scene = Scene.withLists()
        scene.press(.function(3))
        let effects = scene.press(.delete)
        guard effects.count == 2, case .newSession = effects[0] else {
            Issue.record("\(effects)")
            return
        }
        #expect(effects[1] == .deleteSession("s1"))
        scene.send(.sessionLoaded(SessionRecord(id: "s9", created: scene.now)))
        #expect(scene.shows("Sessions"))
        #expect(scene.press(.escape).isEmpty)
        #expect(scene.enter("/restore") == [.session(.restore("s1", opens: true))])
    }

    @Test func searchingFindsTextInTheFiles() {
        var scene = Scene.withLists()
        #expect(scene.enter("/search tuples") == [.listSessions, .session(.search("tuples"))])
        #expect(scene.shows("Searching …"))
        // The result of an earlier search is not shown.
        scene.send(.sessionsFound(query: "tupl", [SessionMatch(session: "s3", excerpts: ["tupl"])]))
        #expect(scene.shows("Searching …"))
        scene.send(.sessionsFound(query: "tuples", [SessionMatch(session: "s2", excerpts: ["Compare tuples: a"])]))
        #expect(scene.shows("Compare tuples: a"))
        #expect(scene.press(.enter) == [.loadSession("s2")])
        // The session opens at the text.
        var other = Scene.withLists()
        other.talk("How do I sort by two keys?", "Compare tuples: (a, b)")
        for number in 0..<9 { other.talk("And \(number)?", "So.\n\nAnd so on.") }
        var session = other.state.session.record
        session.id = "s2"
        scene.send(.sessionLoaded(session))
        #expect(scene.state.reading.selection != nil && scene.shows("Compare tuples: (a, b)") && !scene.shows("And 8?"))
        scene.press(.escape, .function(3))
        scene.type("And 8")
        scene.send(.sessionsFound(query: "And 8", [SessionMatch(session: "s2", excerpts: ["And 8?"])]))
        #expect(scene.press(.enter).isEmpty)
        #expect(scene.shows("And 8?") && scene.state.screen.panels.isEmpty)
    }

    /// What was found the last time may have changed since.
    @Test func theSameTextIsSearchedForAgain() {
        var scene = Scene.withLists()
        scene.enter("/search tuples")
        scene.send(.sessionsFound(query: "tuples", []))
        #expect(scene.shows("No matches"))
        scene.press(.escape)
        #expect(scene.enter("/search tuples") == [.listSessions, .session(.search("tuples"))])
        scene.send(.sessionsFound(query: "tuples", [SessionMatch(session: "s2", excerpts: ["Compare tuples"])]))
        scene.press(.escape, .function(3))
        #expect(scene.press(.paste("tuples")) == [.session(.search("tuples"))])
    }

    /// The user typed on, and took it back before the answer came.
    @Test func theAnswerToALaterSearchDoesNotReplaceTheWantedOne() {
        var scene = Scene.withLists()
        scene.press(.function(3))
        scene.type("tuples")
        scene.send(.sessionsFound(query: "tuples", [SessionMatch(session: "s2", excerpts: ["Compare tuples"])]))
        scene.type("x")
        #expect(scene.press(.backspace) == [.session(.search("tuples"))])
        scene.send(.sessionsFound(query: "tuplesx", []))
        scene.send(.sessionsFound(query: "tuples", [SessionMatch(session: "s2", excerpts: ["Compare tuples"])]))
        #expect(scene.shows("Compare tuples"))
    }

    @Test func aSearchThatEndedEarlySaysSo() {
        var scene = Scene.withLists()
        scene.enter("/search tuples")
        let matches = [SessionMatch(session: "s2", excerpts: ["Compare tuples"])]
        scene.send(.sessionsFound(query: "tuples", matches, isComplete: false))
        #expect(scene.shows("Sessions (1+)"))
    }

    /// A session opens where the text is, also on a branch that is not shown.
    @Test func aMatchOnAnotherBranchIsShown() {
        var scene = Scene.withLists()
        scene.talk("Tell me of the quagga", "It was a zebra")
        scene.enter("/edit")
        scene.press(.control("u"))
        scene.enter("Tell me of the okapi")
        scene.stream("It is a giraffe")
        scene.finish()
        #expect(!scene.shows("quagga"))
        scene.enter("/search quagga")
        scene.send(.sessionsFound(query: "quagga", [SessionMatch(session: "s1", excerpts: ["of the quagga"])]))
        scene.press(.enter)
        #expect(scene.shows("Tell me of the quagga"), "\(scene.testDescription)")
    }

    @Test(arguments: [
        ("short quagga", 20, "short quagga"),
        ("a long beginning before the quagga and its end", 30, "… before the quagga and its end"),
        ("nothing of the kind in this text", 12, "nothing of …"),
    ])
    func excerptsShowTheMatch(text: String, width: Int, shown: String) {
        let excerpt = Excerpt.text(text, around: "QUAGGA", width: width)
        #expect(DisplayWidth.of(excerpt) <= width)
        #expect(!text.contains("quagga") || excerpt.contains("quagga"))
        if width != 30 { #expect(excerpt == shown) }
    }

    @Test func aPreviewIsReadOnceAndOnlyIfItIsShown() {
        var scene = Scene.withLists(60, 20)
        scene.press(.function(3))
        #expect(scene.press(.down).isEmpty)
        scene = Scene.withLists(100, 30)
        #expect(scene.press(.function(3)).contains(.session(.preview("s1"))))
        #expect(scene.press(.down) == [.session(.preview("s2"))])
        scene.send(.sessionPreviewed(Scene.preview))
        #expect(scene.shows("Compare tuples:"))
        scene.press(.end)
        #expect(scene.press(.home, .down).allSatisfy { $0 != .session(.preview("s2")) })
        #expect(scene.shows("Compare tuples:"))
    }

}
