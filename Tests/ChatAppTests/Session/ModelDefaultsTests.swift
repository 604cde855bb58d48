import Chat
import ChatApp
import TUI
import Testing

/// Settings, system prompts and stop texts that come with a model.
@Suite struct ModelDefaultsTests {
    private static let cool = ModelReference(provider: "local", name: "cool")
    private static let hot = ModelReference(provider: "local", name: "hot")

    private static var models: [ModelInfo] {
        var cool = ModelInfo(reference: cool)
        cool.store = .ollama
        cool.defaults = ModelDefaults(
            system: "You are terse.", settings: ["temperature": .number(0.3), "top_k": .integer(20)], stop: ["###"])
        var hot = ModelInfo(reference: hot)
        hot.defaults = ModelDefaults(settings: ["temperature": .number(1.5)])
        return Scene.models + [cool, hot]
    }

    private func scene() -> Scene {
        var scene = Scene(120, 40)
        scene.send(.modelsLoaded(Self.models))
        scene.effects = []
        return scene
    }

    private func temperature(_ scene: Scene) -> Float { scene.state.session.record.settings.sampling.temperature }

    @Test func takeEffectWhenTheModelIsChosen() {
        var scene = scene()
        let effects = scene.enter("/model cool")
        #expect(temperature(scene) == 0.3 && scene.state.session.record.settings.sampling.topK == 20)
        #expect(scene.notice == "Switched to cool. Its settings apply: temperature 0.3, top_k 20")
        #expect(effects.contains(.changeSettings(scene.state.session.record.settings)))
    }

    @Test func whatTheUserHasChangedStays() {
        var scene = scene()
        scene.enter("/set temperature 0.9")
        scene.enter("/model cool")
        #expect(temperature(scene) == 0.9 && scene.state.session.record.settings.sampling.topK == 20)
        #expect(scene.notice == "Switched to cool. Its settings apply: top_k 20")
    }

    @Test func thePresetsValuesAreNotTheUsers() {
        var scene = scene()
        scene.enter("/preset creative")
        #expect(temperature(scene) == 1.2)
        scene.enter("/model cool")
        #expect(temperature(scene) == 0.3)
        scene.enter("/model SmolLM2")
        #expect(temperature(scene) == 1.2, "the preset's value comes back")
    }

    @Test func goWithTheModel() {
        var scene = scene()
        let before = scene.state.session.record.settings
        scene.enter("/model cool")
        scene.enter("/model hot")
        #expect(temperature(scene) == 1.5 && scene.state.session.record.settings.sampling.topK == before.sampling.topK)
        scene.enter("/model SmolLM2")
        #expect(scene.state.session.record.settings == before)
        scene.enter("/model gemma")
        #expect(scene.notice == "Switched to gemma-3-270m")
    }

    @Test func theDefaultModelsApplyToo() {
        var scene = Scene(withModel: false, preferredModel: Self.cool.name)
        let effects = scene.send(.modelsLoaded(Self.models))
        #expect(temperature(scene) == 0.3)
        #expect(effects.first == .useModel(Self.cool) && effects.count == 2)
        #expect(scene.notice == "Settings of cool apply: temperature 0.3, top_k 20")
    }

    /// A session that was saved with other settings keeps them.
    @Test func openingASessionChangesNothing() {
        var scene = scene()
        scene.send(.sessionLoaded(SessionRecord(id: "old", created: scene.now, model: Self.cool)))
        #expect(scene.state.session.record.settings == GenerationSettings())
    }

    @Test func showTellsWhatComesWithTheModel() {
        var scene = scene()
        scene.enter("/model cool")
        scene.enter("/show system")
        #expect(scene.shows("You are terse.") && scene.shows("comes with the model in Ollama"))
        scene.press(.escape)
        scene.enter("/show settings")
        scene.press(.end)
        #expect(scene.shows("The model also stops at \"###\", which come with it"))
        scene.press(.escape)
        scene.enter("/system Be kind.")
        scene.enter("/show system")
        #expect(scene.shows("Be kind.") && !scene.shows("You are terse."))
    }
}
