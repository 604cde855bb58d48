import Chat
import Foundation
import TUI
import Testing

@testable import ChatApp

/// Deleted sessions can be found and restored.
@Suite struct TrashListTests {
    @Test func theListOfSessionsLeadsToTheTrash() {
        var scene = Scene.withLists()
        scene.press(.function(3))
        #expect(scene.press(.control("t")) == [.session(.listTrash)])
        #expect(scene.shows("The trash is empty"))
        scene.send(.trashListed(Array(Scene.sessions(scene.now).prefix(2))))
        #expect(scene.shows("Trash (2)") && scene.shows("Enter restore"))
        scene.type("sorting")
        #expect(scene.press(.enter) == [.session(.restore("s2", opens: true))])
        #expect(scene.state.screen.panels.isEmpty)
    }

    @Test func escapeLeadsBackToTheSessions() {
        var scene = Scene.withLists()
        scene.press(.function(3), .control("t"), .escape)
        #expect(scene.shows("Sessions (4)"))
    }

    @Test func restoringByNameOpensTheSession() {
        var scene = Scene()
        #expect(scene.enter("/restore quagga") == [.session(.restore("quagga", opens: true))])
    }

    /// Without a name and without a deletion since the start, the trash is listed.
    @Test func restoringWithoutANameListsTheTrash() {
        var scene = Scene()
        #expect(scene.enter("/restore") == [.session(.listTrash)])
        #expect(scene.shows("Trash (0)"))
    }

    @Test func aReplyInProgressIsKeptWhenAnotherSessionIsRestored() {
        var scene = Scene()
        scene.enter("Hi")
        scene.stream("Hello")
        let effects = scene.enter("/restore quagga")
        #expect(effects.contains { if case .stopReply = $0 { true } else { false } })
        #expect(effects.last == .session(.restore("quagga", opens: true)))
    }
}
