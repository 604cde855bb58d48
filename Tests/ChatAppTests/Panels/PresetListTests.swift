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

}
