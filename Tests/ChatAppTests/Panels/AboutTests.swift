import Chat
import TUI
import Testing

@testable import ChatApp

/// `/about`: version, computer, folders and licences.
@Suite struct AboutTests {
    private static let about = About(
        version: "0.1.0", commit: "a1b2c3d", processor: "AMD Ryzen 9 7950X 16-Core Processor",
        instructionSet: "AVX-512", threads: "2 of 16 cores (limited by CPU quota)", memory: 64_000_000_000,
        folders: [
            .init("sessions", "/home/ann/.local/share/sotto/sessions"),
            .init("models", "/home/ann/.local/share/sotto/models"),
        ])

    private func scene(_ width: Int, _ height: Int, _ about: About = Self.about) -> Scene {
        var scene = Scene(width, height)
        scene.state = AppState(
            session: SessionRecord(id: "s1", created: scene.now), size: Size(width: width, height: height),
            about: about,
            now: scene.now)
        return scene
    }

    @Test(arguments: [(80, 24), (40, 12), (20, 6)]) func screens(width: Int, height: Int) throws {
        var scene = scene(width, height)
        #expect(scene.enter("/about").isEmpty)
        try expectScreen(view(scene.state), "about-\(width)x\(height)")
    }

    @Test func everythingCanBeReadInTheSmallestWindow() {
        var scene = scene(20, 6)
        scene.enter("/about")
        var seen = ""
        for _ in 0..<30 {
            seen += scene.rows[1..<4].map { $0.dropFirst().dropLast() }.joined()
            scene.press(.pageDown)
        }
        let letters = seen.filter { !$0.isWhitespace }
        for text in [
            "0.1.0", "a1b2c3d", "Ryzen", "AVX-512", "2of16cores", "64GB", "sotto/models", "Apache-2.0", "BSD-2-Clause",
        ] {
            #expect(letters.contains(text), "\(text)")
        }
        scene.press(.escape)
        #expect(scene.state.screen.panels.isEmpty)
    }

    @Test func unknownFactsAreLeftOut() {
        var scene = scene(80, 24, About(version: "0.1.0", instructionSet: "NEON"))
        scene.enter("/about")
        #expect(scene.shows("NEON") && scene.shows("ncurses"))
        for text in ["commit", "processor", "threads", "memory", "Folders"] { #expect(!scene.shows(text), "\(text)") }
    }

    @Test func theCommandIsInHelpAndCompletion() {
        var scene = scene(100, 30)
        scene.press(.function(1))
        scene.type("/about")
        #expect(scene.shows("version, computer, folders and licences"))
        scene.press(.enter)
        #expect(scene.shows("a1b2c3d"))
        scene.press(.escape)
        scene.type("/ab")
        scene.press(.tab)
        #expect(scene.state.composer.input.text.hasPrefix("/about"))
    }

    @Test func plainModePrintsIt() {
        var scene = PlainScene()
        scene.state = AppState(
            session: SessionRecord(id: "s1", created: scene.now), size: Size(width: 80, height: 24), about: Self.about,
            isPlain: true, now: scene.now)
        let output = scene.enter("/about")
        #expect(output.contains("About:\nversion: 0.1.0\ncommit: a1b2c3d\n"), "\(output)")
        #expect(output.contains("memory: 64 GB") && output.contains("BSD-2-Clause: cmark-gfm"))
        #expect(scene.state.screen.panels.isEmpty)
    }
}
