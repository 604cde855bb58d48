import Chat
import TUI
import Testing

@testable import ChatApp

/// Tab: completes the word before the cursor.
@Suite struct CompletionTests {
    private func entries(_ scene: inout Scene, _ effects: [Effect], _ entries: FolderEntry...) {
        guard case .listFolder(let request)? = effects.last else {
            Issue.record("\(effects)")
            return
        }
        scene.send(.folderListed(request, entries))
    }

    @Test func showsTheCandidatesAndTheChosenOne() throws {
        var scene = Scene()
        scene.talk("Hello", "Hello! How can I help you today?")
        scene.type("/s")
        scene.press(.tab, .tab, .tab)
        try expectScreen(view(scene.state), "completion")
        for size in [Size(width: 40, height: 12), Size(width: 20, height: 6)] {
            scene.send(.resize(size))
            try expectScreen(view(scene.state), "completion-\(size.width)x\(size.height)")
        }
    }

    @Test func tabAndShiftTabCycleAndEscRestoresTheTypedText() {
        var scene = Scene()
        scene.type("/set top")
        scene.press(.tab)
        #expect(scene.state.composer.input.text == "/set top_")
        scene.press(.tab)
        #expect(scene.state.composer.input.text == "/set top_k ")
        scene.press(.shift(.tab))
        #expect(scene.state.composer.input.text == "/set top_n_sigma ")
        scene.press(.tab)
        #expect(scene.state.composer.input.text == "/set top_k ")
        scene.press(.escape)
        #expect(scene.state.composer.input.text == "/set top_")
        #expect(scene.state.composer.completion == nil)
        scene.press(.tab, .tab, .control("_"))
        #expect(scene.state.composer.input.text == "/set top_")
    }

    @Test func completesTheValuesOfASetting() {
        var scene = Scene()
        scene.enter("/set top_p 0.5")
        scene.type("/set top_p ")
        scene.press(.tab)
        #expect(scene.state.composer.completion?.candidates.map(\.label) == ["0.5", "0.95", "off"])
        scene.press(.tab, .tab)
        #expect(scene.state.composer.input.text == "/set top_p 0.95")
        scene.press(.enter)
        #expect(scene.state.session.record.settings.sampling.topP == 0.95)
    }

    @Test func completesPathsInAMessage() {
        var scene = Scene()
        scene.type("Read @no today")
        for _ in 0..<6 { scene.press(.left) }
        entries(
            &scene, scene.press(.tab), FolderEntry(name: "notes", isFolder: true),
            FolderEntry(name: "node.md", isFolder: false))
        #expect(scene.state.composer.completion?.candidates.map(\.label) == ["notes/", "node.md"])
        scene.press(.tab, .tab)
        #expect(scene.state.composer.input.text == "Read @node.md  today")
        // Enter takes the candidate; the message is not complete yet.
        scene.press(.enter)
        #expect(scene.path.isEmpty)
        scene.press(.control("a"), .control("k"))
        scene.type("Read @notes/")
        entries(&scene, scene.press(.tab), FolderEntry(name: "a b.txt", isFolder: false, byteCount: 3))
        #expect(scene.state.composer.input.text == "Read @\"notes/a b.txt\" ")
    }

    @Test func completesPathsAfterACommand() {
        var scene = Scene()
        scene.type("/file src/ma")
        entries(&scene, scene.press(.tab), FolderEntry(name: "main.swift", isFolder: false, byteCount: 3))
        #expect(scene.state.composer.input.text == "/file src/main.swift")
        // A late answer changes nothing.
        scene.press(.control("u"))
        scene.type("/file s")
        let effects = scene.press(.tab)
        scene.type("r")
        entries(&scene, effects, FolderEntry(name: "src", isFolder: true))
        #expect(scene.state.composer.input.text == "/file sr")
    }
}
