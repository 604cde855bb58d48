import Chat
import TUI
import Testing

@testable import ChatApp

/// Commands on sessions, files and models.
@Suite struct SessionCommandTests {
    @Test func commandsOnFilesAndModels() throws {
        var scene = Scene.withLists()
        guard case .session(.export("s1", let export))? = scene.enter("/export").first else {
            Issue.record("no export")
            return
        }
        #expect(export.file == "What is a good first day in Kyoto.md")
        #expect(export.isSuggested)
        guard case .session(.export("s1", let json))? = scene.enter("/export ~/kyoto.json").first else {
            Issue.record("no export")
            return
        }
        #expect(json.file == "~/kyoto.json")
        #expect(!json.isSuggested)
        #expect(scene.enter("/import chat.json") == [.session(.importFile("chat.json"))])
        #expect(scene.enter("/duplicate Again") == [.session(.duplicate("s1", title: "Again", opens: true))])
        #expect(scene.enter("/load gemma") == [.loadModel(Scene.gemma)])
        #expect(scene.enter("/unload") == [.unloadModel(Scene.smol)])
        guard case .describe(.context(Scene.smol, nil, let messages))? = scene.enter("/context").first else {
            Issue.record("no context")
            return
        }
        #expect(messages.count == 2)
        scene.enter("/stats")
        #expect(scene.shows("generated        188 tokens"))
        #expect(scene.shows("speed            214 tokens/s"))
        #expect(!scene.shows("drafted"))
    }

    @Test(arguments: [
        ("/export", "Nothing to export yet"), ("/duplicate", "Nothing to duplicate yet"),
        ("/context", "The conversation is empty"), ("/import", "Usage: /import FILE"),
        ("/load nothing", "No model called \"nothing\""), ("/load broken", "broken.gguf: the file ends"),
    ])
    func mistakesAreExplained(line: String, notice: String) {
        var scene = Scene()
        #expect(scene.enter(line).isEmpty)
        #expect(scene.notice.hasPrefix(notice), "\(scene.notice)")
    }

    @Test(arguments: [
        ("Kyoto: what/now?", "Kyoto what now.md"), ("../../etc/passwd", "etc passwd.md"), ("", "session.md"),
        ("\u{1B}[31m", "31m.md"), ("...", "session.md"),
    ])
    func aTitleBecomesAFileNameWithoutFolders(title: String, name: String) {
        #expect(SessionExport.suggestedName(title, .markdown) == name)
    }

    @Test func theSpeedOfALongReplyIsSaved() {
        var scene = Scene()
        scene.enter("Hi")
        scene.stream("Hello")
        #expect(scene.finish(tokens: 188).last == .rememberSpeed(Scene.smol, 214))
        scene.enter("Hi")
        scene.stream("Hello")
        #expect(!scene.finish(tokens: 3).contains { if case .rememberSpeed = $0 { true } else { false } })
    }
}
