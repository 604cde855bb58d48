import Chat
import TUI
import Testing

@testable import ChatApp

/// The list of models: what decides between them.
@Suite struct ModelListTests {
    private static let moe = ModelReference(provider: "local", name: "qwen3-30b")

    private func scene(_ width: Int) -> Scene {
        var scene = Scene(width, 30)
        var models = Scene.models
        models[0].store = .own
        models[0].memory = .init(byteCount: 310_000_000, contextLength: 8192, available: 16_000_000_000)
        models[1].store = .lmStudio
        var moe = ModelInfo(
            reference: Self.moe, architecture: "qwen3moe", format: "Q4_K_M", parameters: 30_500_000_000,
            fileBytes: 18_600_000_000, contextLength: 32_768)
        moe.activeParameters = 3_300_000_000
        moe.store = .ollama
        moe.memory = .init(byteCount: 21_000_000_000, contextLength: 32_768, available: 16_000_000_000)
        moe.notes = ["Ollama's own template is not used"]
        moe.defaults = ModelDefaults(
            system: "You are terse.", settings: ["temperature": .number(0.6), "topK": .integer(20)],
            stop: ["<|end|>"])
        scene.send(.modelsLoaded(models + [moe]))
        scene.send(.speedsLoaded(ModelSpeeds(byKey: ["local/\(Scene.smol.name)": 213.6])))
        scene.press(.function(2))
        return scene
    }

    private func row(_ scene: Scene, _ title: String) -> String { scene.rows.first { $0.contains(title) } ?? "" }

    @Test func columnsAreAligned() throws {
        let scene = scene(93)
        try expectScreen(view(scene.state), "models-columns-93x30")
        #expect(row(scene, "● SmolLM2").contains("214 tok/s"))
        #expect(row(scene, "gemma-3").contains("~77 tok/s"), "predicted from the measured one")
        let mixture = row(scene, "qwen3-30b")
        #expect(mixture.contains("30.5 B  3.3 B active") && mixture.contains("!"))
    }

    /// The last columns go first, and titles stay readable.
    @Test(arguments: [130, 100, 93, 83, 70, 60, 50, 40, 30, 20]) func columnsAreDroppedFromTheRight(width: Int) {
        let scene = scene(width)
        let row = row(scene, "gemma-3")
        let order = ["268 M", "Q4_K_M", "~77 tok/s", "LM Studio"]
        let shown = order.map { row.contains($0) }
        #expect(shown == shown.sorted { $0 && !$1 }, "\(row)")
        #expect(row.contains("gemma-3-270m"))
    }

    /// The total and the active parameters are shown in full or not at all; the total goes last.
    @Test(arguments: [80, 60, 50, 40, 36, 30, 20])
    func parametersAreNotCutShort(width: Int) {
        let row = row(scene(width), "qwen3-30b")
        let (total, active) = (row.contains("30.5 B"), row.contains("3.3 B active"))
        #expect(total || !active, "\(row)")
        #expect(total == row.contains("0.5") && active == row.contains("3.3"), "\(row)")
        if width >= 40 { #expect(total, "\(row)") }
        if width >= 60 { #expect(active, "\(row)") }
    }

    @Test(arguments: [
        (135_000_000, "135 M"), (999_600_000, "1.0 B"), (1_720_000_000, "1.7 B"), (8_030_000_000, "8.0 B"),
        (9_960_000_000, "10 B"), (30_530_000_000, "30.5 B"), (32_010_000_000, "32 B"), (99_960_000_000, "100 B"),
        (235_100_000_000, "235 B"), (0, "1 M"), (-5, "1 M"),
    ])
    func parametersHaveADecimalPlaceWhereItMatters(count: Int, text: String) {
        #expect(ModelText.parameters(count) == text)
    }

    @Test func whatDoesNotFitTheMemoryIsMarked() {
        var scene = scene(83)
        #expect(row(scene, "qwen3-30b").contains("! qwen3-30b"))
        scene.press(.down, .down, .down)
        #expect(scene.shows("! needs 21 GB for 32k tokens, only 16 GB available"))
    }

    /// Weights can be read from the file again and again, which is slow but works.
    @Test func howSlowAModelIsThatDoesNotFitIsShown() {
        func scene(_ width: Int) -> Scene {
            var scene = Scene(width, 30)
            var large = ModelInfo(
                reference: Self.moe, parameters: 30_500_000_000, fileBytes: 18_600_000_000, contextLength: 32_768)
            large.activeBytes = 2_000_000_000
            large.memory = .init(
                byteCount: 20_000_000_000, contextLength: 4096, available: 16_000_000_000,
                residentBytes: 1_400_000_000)
            large.memory?.missingBytes = 4_000_000_000
            large.memory?.diskBytesPerToken = 600_000_000
            scene.send(.modelsLoaded(Scene.models + [large]))
            scene.press(.function(2))
            scene.type("30b")
            return scene
        }
        #expect(row(scene(83), "qwen3-30b").contains("! qwen3-30b"))
        #expect(scene(83).shows("! 4.0 GB of 19 GB do not fit into memory: about 0.8 tokens/s"))
        let wide = scene(140)
        #expect(wide.shows("20 GB for 4k tokens") && wide.shows("4.0 GB of 19 GB do not fit into memory"))
    }

    @Test func thePreviewShowsWhatComesWithTheModel() {
        var scene = scene(120)
        scene.type("30b")
        for text in [
            "30.5 B, 3.3 B active", "Ollama", "Ollama's own template is not used", "temperature      0.6",
            "top_k            20", "You are terse.", "<|end|>", "predicted speed",
        ] { #expect(scene.shows(text), "\(text)\(scene)") }
    }

    @Test func filteringStillFindsArchitectures() {
        var scene = scene(83)
        scene.type("gemma3")
        #expect(scene.list?.entries.map(\.title) == ["gemma-3-270m"])
    }

    @Test func servicesThatWereFoundSaySo() {
        var scene = Scene(120, 30, providers: Scene.providers)
        let found = ProviderProfile(id: "vllm", title: "vllm", place: .thisComputer("127.0.0.1:8000"))
        scene.send(.servicesFound([found]))
        for id in ["vllm", "ollama"] {
            scene.send(
                .serviceModelsLoaded(id, [ModelInfo(reference: ModelReference(provider: id, name: "m-\(id)"))]))
        }
        scene.press(.function(2))
        scene.type("m-vllm")
        #expect(scene.shows("found on this computer"))
        scene.press(.control("u"))
        scene.type("m-ollama")
        #expect(!scene.shows("found on this computer"), "it was configured")
    }

    /// The slashes of a name are part of it; only paths have folders.
    @Test(arguments: [
        ("alice/mine:latest", "alice/mine:latest"), ("hf.co/bartowski/Llama:Q4_K_M", "hf.co/bartowski/Llama:Q4_K_M"),
        ("/models/deep/SmolLM2.gguf", "SmolLM2"), ("deep/SmolLM2.gguf", "SmolLM2"), ("mine:latest", "mine:latest"),
    ])
    func namesAreShownInFull(name: String, shown: String) {
        let scene = Scene()
        #expect(scene.state.displayName(of: ModelReference(provider: "local", name: name)) == shown)
    }

    @Test func aBaseModelIsMarked() {
        var scene = Scene(140, 30)
        var models = Scene.models
        models[1].hasTemplate = false
        scene.send(.modelsLoaded(models))
        scene.press(.function(2))
        #expect(scene.rows.contains { $0.contains("gemma") && $0.contains("base model") })
        scene.type("gemma")
        #expect(scene.shows("none (base model)"))
    }
}
