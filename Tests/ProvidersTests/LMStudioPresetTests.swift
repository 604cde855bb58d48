import Chat
import Foundation
import Testing

@testable import Providers

struct LMStudioPresetTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    private func write(_ name: String, _ fields: String, file: String = "a", home: String = ".lmstudio") throws {
        try fixture.write(
            "\(home)/config-presets/\(file).preset.json",
            #"{"identifier": "@local:x", "name": "\#(name)", "operation": {"fields": [\#(fields)]}, "load": {}}"#)
    }

    private var presets: [Preset] { LMStudioPresets.all(fixture.locations()) }

    @Test func fieldsThatExistHereAreRead() throws {
        try write(
            "Story Writer",
            """
            {"key": "llm.prediction.systemPrompt", "value": "You write stories."},
            {"key": "llm.prediction.temperature", "value": 1.2},
            {"key": "llm.prediction.topKSampling", "value": 30},
            {"key": "llm.prediction.topPSampling", "value": {"checked": true, "value": 0.9}},
            {"key": "llm.prediction.minPSampling", "value": {"checked": false, "value": 0.3}},
            {"key": "llm.prediction.repeatPenalty", "value": {"checked": true, "value": 1.15}},
            {"key": "llm.prediction.maxPredictedTokens", "value": {"checked": true, "value": 700}},
            {"key": "llm.prediction.stopStrings", "value": ["###", ""]},
            {"key": "llm.prediction.contextOverflowPolicy", "value": "rollingWindow"},
            {"key": "llm.prediction.llama.cpuThreads", "value": 8}
            """)
        let preset = try #require(presets.first)
        #expect(presets.count == 1 && preset.name == "Story Writer - LM Studio")
        #expect(Preset.isValidName(preset.name) && preset.system == "You write stories.")
        var settings = GenerationSettings()
        settings.sampling.temperature = 1.2
        settings.sampling.topK = 30
        settings.sampling.topP = 0.9
        settings.sampling.minP = 0
        settings.sampling.repeatPenalty = 1.15
        settings.maxTokens = 700
        settings.stop = ["###"]
        #expect(preset.settings == settings)
    }

    @Test func valuesOutOfRangeAreLeftOut() throws {
        try write(
            "Odd",
            """
            {"key": "llm.prediction.temperature", "value": 1e9}, {"key": "llm.prediction.topKSampling", "value": "x"},
            {"key": "llm.prediction.maxPredictedTokens", "value": {"checked": true, "value": -1}},
            {"key": 3}, 4, {"key": "llm.prediction.systemPrompt", "value": 5}
            """)
        #expect(presets.first?.settings == GenerationSettings() && presets.first?.system == nil)
    }

    @Test func filesThatAreNoPresetsAreSkipped() throws {
        try write("Good", "", file: "good")
        try write("Old", "", home: ".cache/lm-studio")
        for (number, text) in ["", "{", "[]", #"{"operation": 3}"#, String(repeating: " ", count: 1 << 20 + 1)]
            .enumerated()
        {
            try fixture.write(".lmstudio/config-presets/\(number).preset.json", text)
        }
        try fixture.write(".lmstudio/config-presets/other.json", #"{"name": "x", "operation": {"fields": []}}"#)
        try write("...", "", file: "dots")
        #expect(presets.map(\.name) == ["Good - LM Studio", "Old - LM Studio"])
    }

    @Test func namesArePresetNames() throws {
        try write(#"a/b\u001b[31m: \"c\""#, "")
        try write(String(repeating: "long ", count: 40), "", file: "b")
        #expect(presets.count == 2 && presets.allSatisfy { Preset.isValidName($0.name) })
        #expect(presets.first?.name == "a-b--31m- -c- - LM Studio")
    }
}
