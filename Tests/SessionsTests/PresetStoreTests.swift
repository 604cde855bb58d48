import Chat
import Foundation
import JSON
import Sessions
import Testing

@Suite struct PresetStoreTests {
    let folder: TemporaryFolder
    let store: PresetStore

    init() throws {
        folder = try TemporaryFolder()
        store = PresetStore(folder: "\(folder.path)/presets", shippedFolder: "\(checkout)/sessions")
    }

    @Test func builtInPresetsAreReadable() throws {
        let (presets, problems) = store.list()
        #expect(problems.isEmpty)
        #expect(presets.map(\.name) == ["balanced", "code", "creative", "deterministic", "precise"])
        #expect(presets.allSatisfy { !$0.summary.isEmpty })
        #expect(try store.load("balanced").settings == GenerationSettings())
        #expect(try store.load("Deterministic").settings.sampling.temperature == 0)
        #expect(throws: SessionError.notFound(kind: .preset, query: "percise", suggestion: "precise")) {
            try store.load("percise")
        }
    }

    @Test func ownPresetsTakePrecedenceAndKeepUnknownFields() throws {
        var mine = try store.load("precise")
        mine.settings.sampling.temperature = 0.15
        try store.save(mine)
        #expect(try store.load("precise") == mine)
        #expect(store.list().presets.count == 5)
        #expect(try folder.mode("presets/precise.preset.json") == 0o600)
        let text = try folder.text("presets/precise.preset.json")
        try folder.write(#"{"later": [1.50],"# + text.dropFirst(), to: "presets/precise.preset.json")
        try store.save(mine)
        #expect(try folder.text("presets/precise.preset.json").contains("1.50"))
        // The built-in one is unchanged.
        #expect(try PresetStore(folder: "/nowhere", shippedFolder: "\(checkout)/sessions").load("precise") != mine)
    }

    @Test func onlyOwnPresetsCanBeDeleted() throws {
        var mine = try store.load("precise")
        let shipped = mine
        mine.settings.sampling.temperature = 0.15
        try store.save(mine)
        try store.remove("Precise")
        #expect(try store.load("precise") == shipped)
        #expect(throws: SessionError.builtInPreset("precise")) { try store.remove("precise") }
        #expect(throws: SessionError.self) { try store.remove("nothing") }
    }

    @Test func presetIsExportedAndImported() throws {
        let file = "\(folder.path)/exported.json"
        var mine = try store.load("precise")
        mine.name = "mine"
        mine.settings.sampling.temperature = 0.15
        try store.save(mine)
        let text = try folder.text("presets/mine.preset.json")
        try folder.write(#"{"later": [1.50],"# + text.dropFirst(), to: "presets/mine.preset.json")
        try store.export("Mine", to: file)
        #expect(throws: SessionError.self) { try store.export("mine", to: file) }
        #expect(try folder.text("exported.json") == store.text(of: "mine"))
        #expect(throws: SessionError.presetExists("mine")) { try store.importFile(file) }
        try store.remove("mine")
        var imported = try store.importFile(file)
        #expect(try store.load("mine") == imported)
        #expect(imported.unknownFields != nil)
        imported.unknownFields = nil
        #expect(imported == mine)
        // Unknown fields are kept.
        #expect(try folder.text("presets/mine.preset.json").contains("1.50"))
        #expect(try folder.mode("presets/mine.preset.json") == 0o600)
        // The same with a built-in one, whose copy then takes precedence.
        try store.export("creative", to: "\(folder.path)/creative.json")
        #expect(try store.importFile("\(folder.path)/creative.json") == store.load("creative"))
        #expect(throws: SessionError.self) { try store.export("nothing", to: "\(folder.path)/nothing") }
        #expect(throws: SessionError.self) { try store.importFile("\(folder.path)/nothing") }
        try folder.write(#"{"format":"sotto.preset","version":1,"name":"../n"}"#, to: "bad.json")
        #expect(throws: SessionError.self) { try store.importFile("\(folder.path)/bad.json") }
    }

    @Test func brokenFileIsReportedAndCanBeDeleted() throws {
        try store.save(Preset(name: "mine", summary: "", system: nil, settings: GenerationSettings()))
        try folder.write("{\n  \"format\": ,", to: "presets/cut.preset.json")
        try folder.write("{}", to: "presets/Precise.preset.json")
        // A name that would be a path to another folder.
        try folder.write(#"{"format":"sotto.preset","version":1,"name":"../n"}"#, to: "presets/name.preset.json")
        for (name, file, problem) in [
            ("Cut", "cut.preset.json", "line 2, column 13"),
            ("precise", "Precise.preset.json", "its \"format\" must be"),
            ("name", "name.preset.json", "cannot be a preset's name"),
        ] {
            let error = #expect(throws: SessionError.self) { try store.load(name) }
            let text = error?.description ?? ""
            #expect(text.contains("\(folder.path)/presets/\(file)") && text.contains(problem), "\(text)")
            #expect(throws: SessionError.self) { try store.text(of: name) }
            try store.remove(name)
        }
        #expect(try folder.names(in: "presets") == ["mine.preset.json"])
        // The built-in one can be used again.
        #expect(try store.load("precise").name == "precise")
    }

    @Test func presetIsNamedByItsContentNotItsFile() throws {
        try store.save(Preset(name: "mine", summary: "", system: nil, settings: GenerationSettings()))
        try FileManager.default.moveItem(
            atPath: "\(folder.path)/presets/mine.preset.json", toPath: "\(folder.path)/presets/other.preset.json")
        try store.export("mine", to: "\(folder.path)/mine.json")
        #expect(throws: SessionError.presetExists("mine")) { try store.importFile("\(folder.path)/mine.json") }
        try store.remove("mine")
        #expect(try folder.names(in: "presets").isEmpty)
    }

    @Test func jsonIsTheFilesContent() throws {
        var mine = try store.load("precise")
        mine.name = "mine"
        mine.settings.stop = ["END"]
        mine.settings.sampling.seed = .max
        try store.save(mine)
        #expect(try JSONWriter.pretty(mine.json) == store.text(of: "mine"))
        let settings = mine.json.object?["settings"]?.object
        #expect(settings?["temperature"]?.float == mine.settings.sampling.temperature)
        #expect(settings?["speculation"]?.bool == true && settings?["stop"]?.array == [.string("END")])
        #expect(settings?["seed"]?.unsigned == .max)
    }

    @Test(arguments: ["", ".hidden", "a/b", "../x", "a\u{1b}b", "a\nb", String(repeating: "x", count: 65)])
    func invalidNamesAreRejected(_ name: String) {
        let preset = Preset(name: name, summary: "", system: nil, settings: GenerationSettings())
        #expect(throws: SessionError.badPresetName(name)) { try store.save(preset) }
    }

    @Test func badFilesAreReportedAndOthersListed() throws {
        try store.save(Preset(name: "mine", summary: "s", system: "x", settings: GenerationSettings()))
        for (name, text) in [
            ("cut", #"{"format":"sotto.preset","#), ("kind", #"{"format":"sotto.session"}"#), ("list", "[]"),
            ("newer", #"{"format":"sotto.preset","version":9,"name":"n"}"#),
            ("wild", #"{"format":"sotto.preset","version":1,"name":"n","settings":{"temperature":77}}"#),
            ("name", #"{"format":"sotto.preset","version":1,"name":"../n"}"#),
        ] { try folder.write(text, to: "presets/\(name).preset.json") }
        let (presets, problems) = store.list()
        #expect(presets.count == 6 && problems.count == 6)
        #expect(problems.allSatisfy { !$0.description.contains("\n") })
    }
}
