import Chat
import Foundation
import TUI
import Testing

@testable import ChatApp

/// The list of presets.
@Suite struct PresetListTests {
    @Test func presetsAreSavedDeletedAndRestored() {
        var scene = Scene.withLists()
        scene.press(.function(5), .control("s"), .control("u"))
        scene.type("mine")
        guard case .savePreset(let preset)? = scene.press(.enter).first else {
            Issue.record("not saved")
            return
        }
        #expect(preset.name == "mine")
        scene.type("mine")
        #expect(scene.press(.delete) == [.deletePreset("mine")])
        #expect(scene.press(.control("_")) == [.savePreset(preset)])
        scene.press(.control("s"), .control("u"))
        scene.type("a/b")
        #expect(scene.press(.enter).isEmpty)
        #expect(scene.notice.hasPrefix("Preset names may use"))
    }

    /// The prompt of a preset goes with it, and the user's own comes back.
    @Test func aPresetsPromptDoesNotOutliveIt() {
        var scene = Scene()
        scene.enter("/preset creative")
        #expect(scene.state.session.record.system == "Be vivid.")
        scene.enter("/preset balanced")
        #expect(scene.state.session.record.system == nil)
        #expect(scene.notice.hasPrefix("Preset balanced, without the system prompt of creative"))
        scene.enter("/preset save mine")
        #expect(scene.state.library.presets.last?.system == nil)

        scene.enter("/system Answer in rhymes.")
        scene.enter("/preset balanced")
        #expect(scene.state.session.record.system == "Answer in rhymes.")
        scene.enter("/preset creative")
        scene.enter("/preset balanced")
        #expect(scene.state.session.record.system == "Answer in rhymes.")
        #expect(scene.notice.hasPrefix("Preset balanced, with your own system prompt"))
    }

}
