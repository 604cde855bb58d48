import Chat
import Foundation
import TUI
import Testing

@testable import ChatApp

/// Fetching models: the panel, the command, and what becomes of the model.
@Suite struct PullPanelTests {
    private static let address = "hf.co/Qwen/Qwen3-8B-GGUF:Q4_K_M"
    private static let plan = PullPlan(
        address: address, format: "Q4_K_M", bytes: 5_027_783_488, presentBytes: 1_200_000_000,
        memoryBytes: 6_100_000_000, license: "apache-2.0", note: "Q8_0 would need 11 GB")

    private func panel(_ scene: Scene) -> PullPanel? { scene.state.screen.panels.top as? PullPanel }

    /// A scene with the panel, opened from the list of models.
    private func opened(_ width: Int = 100, _ height: Int = 30) -> Scene {
        var scene = Scene(width, height)
        scene.press(.function(2), .control("g"))
        scene.effects = []
        return scene
    }

    // MARK: Screens

    @Test(arguments: [(100, 30), (80, 24), (40, 12), (20, 6)])
    func everyStepFitsTheWindow(width: Int, height: Int) throws {
        var scene = opened(width, height)
        scene.press(.down, .down)
        try expectScreen(view(scene.state), "pull-\(width)x\(height)")
        scene.press(.enter)
        scene.send(.pull(Self.address, .planned(Self.plan)))
        try expectScreen(view(scene.state), "pull-plan-\(width)x\(height)")
        scene.press(.enter)
        scene.send(.pull(Self.address, .progress(bytes: 1_300_000_000, of: 5_027_783_488)))
        scene.wait(4)
        scene.send(.pull(Self.address, .progress(bytes: 1_500_000_000, of: 5_027_783_488)))
        try expectScreen(view(scene.state), "pull-running-\(width)x\(height)")
    }

    // MARK: Choosing

    @Test func showsWhatFitsThisComputerTheBestFirst() {
        let scene = opened()
        #expect(scene.shows("★ Qwen3 14B") && scene.shows("Qwen3 8B") && scene.shows("Gemma 3 270M"))
        #expect(!scene.shows("Qwen3 32B"), "needs more than 16 GB")
        #expect(panel(scene)?.address.isEmpty == true)
    }

    @Test func arrowsChooseAndTypingReplacesTheAddress() {
        var scene = opened()
        scene.press(.down)
        #expect(panel(scene)?.address.text == "hf.co/Qwen/Qwen3-14B-GGUF:Q4_K_M")
        scene.press(.down)
        #expect(panel(scene)?.address.text == Self.address)
        scene.type("o")
        scene.press(.paste("llama.com/qwen3"))
        #expect(panel(scene)?.address.text == "ollama.com/qwen3" && panel(scene)?.selected == nil)
        #expect(scene.press(.enter) == [.planPull("ollama.com/qwen3")])
        #expect(scene.shows("Asking for ollama.com/qwen3"))
        #expect(scene.press(.enter).isEmpty, "the answer is not here yet")
    }

    @Test func enterWithoutAnAddressSaysWhatToDo() {
        var scene = opened()
        #expect(scene.press(.enter).isEmpty)
        #expect(scene.notice == "Type an address, or choose a model with the arrows")
    }

    @Test func clicksChoose() throws {
        var scene = opened()
        let row = try #require(scene.rows.firstIndex { $0.contains("Qwen3 8B") })
        scene.press(.click(Point(x: 20, y: row)))
        #expect(panel(scene)?.address.text == Self.address)
        #expect(scene.press(.click(Point(x: 20, y: row))) == [.planPull(Self.address)])
    }

    @Test func thePlanIsShownBeforeAnythingIsFetched() {
        var scene = opened()
        scene.press(.down, .down, .enter)
        scene.send(.pull(Self.address, .planned(Self.plan)))
        for text in ["5.0 GB, 1.2 GB of it already here", "6.1 GB of 16 GB", "apache-2.0", "Q8_0 would need 11 GB"] {
            #expect(scene.shows(text), "\(scene)")
        }
        scene.press(.escape)
        #expect(scene.shows("★ Qwen3 14B"), "Esc goes back to the list")
        scene.press(.enter)
        scene.send(.pull(Self.address, .planned(Self.plan)))
        #expect(scene.press(.enter) == [.startPull(Self.address)])
        #expect(scene.state.library.pull?.address == Self.address)
    }

    @Test func memoryThatIsNotThereIsNamed() {
        var scene = opened()
        scene.type("hf.co/big/model")
        scene.press(.enter)
        scene.send(
            .pull("hf.co/big/model", .planned(PullPlan(address: "hf.co/big/model", memoryBytes: 50_000_000_000))))
        #expect(scene.shows("needs 50 GB, this computer has 16 GB"))
    }

    @Test func aRefusedAddressIsExplainedAndCanBeCorrected() {
        var scene = opened()
        scene.type("hf.co/nobody/nothing")
        scene.press(.enter)
        scene.send(.pull("hf.co/nobody/nothing", .failed("hf.co has no repository nobody/nothing")))
        #expect(scene.shows("hf.co has no repository nobody/nothing"))
        #expect(panel(scene)?.address.text == "hf.co/nobody/nothing" && panel(scene)?.request == nil)
    }

    @Test func theAnswerToAnEarlierQuestionIsDropped() {
        var scene = opened()
        scene.type("hf.co/a/b")
        scene.press(.enter)
        scene.press(.backspace)
        scene.press(.enter)
        scene.send(.pull("hf.co/a/b", .planned(PullPlan(address: "hf.co/a/b"))))
        #expect(panel(scene)?.request == .init(address: "hf.co/a/", plan: nil))
        scene.press(.escape, .escape, .escape)
        scene.send(.pull("hf.co/a/b", .failed("too late")))
        #expect(scene.notice != "too late")
    }

    // MARK: The command

    @Test func theCommandTakesAnAddress() {
        var scene = Scene(100, 30)
        #expect(scene.enter("/pull \(Self.address)") == [.planPull(Self.address)])
        #expect(panel(scene)?.request?.address == Self.address)
        scene.press(.escape, .escape)
        #expect(scene.enter("/pull stop").isEmpty)
        #expect(scene.notice == "Nothing is being downloaded")
    }

    @Test func addressesAreCompleted() {
        var scene = Scene(100, 30)
        scene.type("/pull hf.co/ggml")
        scene.press(.tab)
        #expect(scene.state.composer.input.text == "/pull hf.co/ggml-org/gemma-3-270m-it-GGUF:Q8_0")
    }

    // MARK: Fetching

    private func running(_ width: Int = 100, _ height: Int = 30) -> Scene {
        var scene = opened(width, height)
        scene.press(.down, .down, .enter)
        scene.send(.pull(Self.address, .planned(Self.plan)))
        scene.press(.enter)
        return scene
    }

    @Test func oneAtATime() {
        var scene = running()
        scene.press(.escape, .escape)
        #expect(scene.state.screen.panels.isEmpty && scene.state.library.pull?.isStopping == false)
        #expect(scene.enter("/pull hf.co/a/b").isEmpty)
        #expect(scene.notice == "\(Self.address) is being downloaded. /pull stop stops that")
        #expect(scene.enter("/pull").isEmpty)
        #expect(scene.shows("Getting a model"))
    }

    @Test func escapeClosesThePanelAndThenStops() {
        var scene = running()
        scene.send(.pull(Self.address, .progress(bytes: 1_300_000_000, of: 5_027_783_488)))
        scene.press(.escape, .escape)
        #expect(scene.shows("● downloading 1.3 GB of 5.0 GB"))
        #expect(scene.press(.escape) == [.stopPull])
        scene.send(.pull(Self.address, .stopped))
        #expect(scene.notice == "Download stopped. What has arrived is kept; /pull \(Self.address) resumes it")
        #expect(scene.state.library.pull == nil)
    }

    @Test func theRateIsThatOfTheLastSeconds() {
        var scene = running()
        for second in 0..<30 {
            scene.send(.pull(Self.address, .progress(bytes: 1_300_000_000 + second * 50_000_000, of: 5_000_000_000)))
            scene.wait(1)
        }
        // Slower from here on.
        for second in 1...20 {
            scene.send(.pull(Self.address, .progress(bytes: 2_750_000_000 + second * 10_000_000, of: 5_000_000_000)))
            scene.wait(1)
        }
        scene.send(.pull(Self.address, .progress(bytes: 2_960_000_000, of: 5_000_000_000)))
        #expect(scene.shows("downloading 3.0 GB of 5.0 GB · 10 MB/s · 3 min left"), "\(scene)")
    }

    @Test func anUnknownSizeHasNoTimeLeft() {
        var scene = opened()
        scene.type("https://example.com/a.gguf")
        scene.press(.enter)
        scene.send(.pull("https://example.com/a.gguf", .planned(PullPlan(address: "https://example.com/a.gguf"))))
        scene.press(.enter)
        scene.send(.pull("https://example.com/a.gguf", .progress(bytes: 2_000_000, of: nil)))
        scene.wait(2)
        scene.send(.pull("https://example.com/a.gguf", .progress(bytes: 22_000_000, of: nil)))
        scene.press(.escape, .escape)
        #expect(scene.shows("● downloading 22 MB · 10 MB/s"), "\(scene)")
    }

    @Test func withAModelInUseTheNewOneIsOnlyAnnounced() {
        var scene = running()
        #expect(scene.send(.pull(Self.address, .finished(model: "Qwen3-8B-Q4_K_M"))) == [.listModels])
        #expect(scene.notice == "Qwen3-8B-Q4_K_M is ready. F2 or /model Qwen3-8B-Q4_K_M switches to it")
        #expect(scene.state.session.record.model == Scene.smol)
    }

    @Test func withoutAModelTheNewOneIsUsed() {
        var scene = Scene(100, 30, withModel: false)
        scene.send(.modelsLoaded([]))
        scene.enter("/pull \(Self.address)")
        scene.send(.pull(Self.address, .planned(Self.plan)))
        scene.press(.enter, .escape)
        scene.enter("Hello")
        #expect(scene.notice.hasPrefix("Downloading the model"))
        scene.send(.pull(Self.address, .finished(model: "Qwen3-8B-Q4_K_M")))
        let model = ModelReference(provider: "local", name: "Qwen3-8B-Q4_K_M")
        let effects = scene.send(.modelsLoaded([ModelInfo(reference: model)]))
        #expect(effects.contains(.chooseModel(model)))
        #expect(effects.contains { if case .startReply = $0 { true } else { false } })
    }

    /// The user's own table can be wrong.
    @Test func whatIsWrongWithTheTableIsSaidOnce() {
        var scene = Scene(100, 30)
        scene.send(.recommendationsLoaded([], problems: ["recommended.json, line 3: use must be one of general"]))
        #expect(scene.notice == "recommended.json, line 3: use must be one of general")
        scene.press(.escape)
        scene.send(.recommendationsLoaded([], problems: ["recommended.json, line 3: use must be one of general"]))
        #expect(scene.notice.isEmpty)
        scene.enter("/pull")
        #expect(scene.shows("Type an address: hf.co/OWNER/NAME or ollama.com/NAME"))
    }
}
