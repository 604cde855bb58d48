import Chat
import Foundation
import TUI
import Testing

@testable import ChatApp

/// Help, which lists the keys of where it was opened.
@Suite struct HelpTests {
    @Test func helpListsTheKeysOfWhereItWasOpenedAndGoesBack() {
        var scene = Scene.withLists()
        scene.press(.function(1))
        #expect(scene.shows("Writing"))
        #expect(!scene.shows("Selected session"))
        scene.type("export")
        #expect(scene.shows("/export"))
        scene.press(.escape)
        #expect(scene.state.screen.panels.isEmpty)

        scene.press(.function(3), .function(1))
        scene.type("its title")
        #expect(scene.shows("Ctrl-R"))
        // Choosing a key runs it where help was opened.
        scene.press(.enter)
        #expect(scene.shows("title: "))
        scene.press(.escape, .function(1), .function(1))
        #expect(scene.shows("Sessions (4)"))
    }

    @Test func helpStartsWithTheReplyWhileOneIsGenerated() {
        var scene = Scene.withLists()
        scene.enter("And then?")
        scene.stream("Then")
        scene.press(.function(1))
        #expect(scene.selectedTitle == "Esc")
        #expect(scene.press(.enter) == [.stopReply(ReplyID(number: 2))])
    }

    /// A row whose keys need more than their column takes the room from its own short summary.
    @Test func keysAreNotCutWhereThereIsRoom() {
        let scene = { (width: Int) in
            var scene = Scene(width, 40)
            scene.press(.function(1))
            return scene
        }
        for width in [80, 100, 120] {
            #expect(scene(width).shows("Alt-Enter, Ctrl-J, Shift-Enter  new line"), "\(width)")
        }
    }
}
