import Foundation
import Testing

extension EndToEndTests {
    /// `sotto sessions` and `sotto presets`.
    @Suite struct StoreCommandTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        // MARK: Sessions

        private static let id = "01M87WHRAN8BD4W9HZJXH6H09G"

        private func writeSession(title: String = "A day in Kyoto") throws {
            try fixture.write(session: [
                "title": title, "head": "m2",
                "messages": [
                    ["id": "m1", "role": "user", "content": "Where is the lighthouse?"],
                    ["id": "m2", "parent": "m1", "role": "assistant", "content": "On the \u{9b}31m cape."],
                ],
            ])
        }

        @Test func sessionCommandsPrintJSON() throws {
            try writeSession()
            let listed = try list(["sessions", "--json"])
            #expect(listed.count == 1 && listed[0]["id"] as? String == Self.id)
            #expect(try object(["sessions", "show", "kyoto", "--json"])["format"] as? String == "sotto.session")

            let found = try list(["sessions", "search", "LIGHTHOUSE", "--json"])
            #expect(found.count == 1 && found[0]["id"] as? String == Self.id)
            #expect(found[0]["title"] as? String == "A day in Kyoto")
            #expect((found[0]["excerpts"] as? [String])?.first == "Where is the lighthouse?")
            let nothing = try fixture.sotto(["sessions", "search", "walrus", "--json"])
            #expect(nothing.output == "[]\n" && nothing.status == 1)

            let renamed = try object(["sessions", "rename", "kyoto", "Two \"days\"", "--json"])
            #expect(renamed["id"] as? String == Self.id && renamed["title"] as? String == "Two \"days\"")
            #expect(renamed["messages"] as? Int == 2)
            let copy = try object(["sessions", "duplicate", Self.id, "Another", "--json"])
            #expect(copy["title"] as? String == "Another" && copy["id"] as? String != Self.id)

            let file = fixture.home.appending(path: "out.json").path
            let export = ["sessions", "export", Self.id, "--format", "json", "--json"]
            let written = try object(export + [file])
            #expect(written["file"] as? String == file && written["format"] as? String == "json")
            let printed = try object(export)
            #expect(printed["text"] as? String == fixture.text(of: "out.json") && printed["file"] == nil)
            let taken = try object(["sessions", "import", file, "--json"])
            #expect(taken["title"] as? String == "Two \"days\"" && taken["id"] as? String != Self.id)

            let removed = try object(["sessions", "remove", Self.id, "--json"])
            #expect(removed["id"] as? String == Self.id)
            #expect(try list(["sessions", "--json"]).count == 2)
            #expect(try object(["sessions", "restore", Self.id, "--json"])["title"] as? String == "Two \"days\"")
            #expect(try list(["sessions", "--json"]).count == 3)
        }

        @Test func escapesControlCharactersInTitles() throws {
            try writeSession(title: "\u{9b}2J\u{1b}]0;owned\u{7} two\nlines")
            for arguments in [["sessions"], ["sessions", "--json"], ["sessions", "show", Self.id, "--json"]] {
                let result = try fixture.sotto(arguments)
                #expect(result.status == 0)
                let controls = result.output.unicodeScalars.filter {
                    $0.properties.generalCategory == .control && $0 != "\n"
                }
                #expect(controls.isEmpty, "\(result.output.debugDescription)")
            }
            #expect(try fixture.sotto(["sessions"]).output.count { $0 == "\n" } == 1)
            let missing = try fixture.sotto(["sessions", "show", "\u{1b}[31m\nnone"])
            #expect(!missing.error.contains("\u{1b}") && missing.error.count { $0 == "\n" } == 1)
        }

        // MARK: Presets

        @Test func presetCommandsPrintJSON() throws {
            let listed = try list(["presets", "--json"])
            #expect(
                listed.map { $0["name"] as? String } == ["balanced", "code", "creative", "deterministic", "precise"])
            let shown = try fixture.sotto(["presets", "show", "precise", "--json"])
            let preset = try JSONDecoder().decode(Preset.self, from: Data(shown.output.utf8))
            #expect(preset.format == "sotto.preset" && preset.settings.speculation && preset.settings.seed == nil)
            #expect(preset.settings.temperature > 0 && preset.settings.dryBase == 1.75 && preset.settings.stop.isEmpty)
            #expect(preset.settings.drySequenceBreakers.count == 4 && preset.settings.logitBias.isEmpty)

            // The output of show can be imported under an unused name.
            let text = shown.output.replacing("\"precise\"", with: "\"mine\"")
            let file = try fixture.file("mine.json", holding: Data(text.utf8))
            #expect(try object(["presets", "import", file, "--json"])["name"] as? String == "mine")
            let out = fixture.home.appending(path: "out.json").path
            #expect(try object(["presets", "export", "mine", out, "--json"])["file"] as? String == out)
            #expect(
                try object(["presets", "export", "mine", "--json"])["text"] as? String == fixture.text(of: "out.json"))
            #expect(try object(["presets", "remove", "mine", "--json"])["name"] as? String == "mine")
            #expect(try list(["presets", "--json"]).count == 5)
        }

        @Test func reportsBrokenPresets() throws {
            try FileManager.default.createDirectory(
                at: fixture.home.appending(path: "sessions/presets"), withIntermediateDirectories: true)
            let file = try fixture.file("sessions/presets/mine.preset.json", holding: Data("{\n \"name\": 3,,".utf8))
            for arguments in [
                ["presets", "show", "mine"], ["presets", "export", "mine"], ["run", "--preset", "mine", "Hi"],
            ] {
                let result = try fixture.sotto(arguments)
                #expect(result.status == 1 && result.output.isEmpty)
                #expect(result.error.contains(file) && result.error.contains("line 2, column 12"), "\(result.error)")
            }
            // The list reports it and shows the others.
            let listed = try fixture.sotto(["presets"])
            #expect(listed.status == 0 && listed.output.contains("precise") && listed.error.contains(file))
            #expect(try fixture.sotto(["presets", "remove", "mine"]).status == 0)
            #expect(try fixture.sotto(["presets"]).error.isEmpty)
        }

        private func object(_ arguments: [String]) throws -> [String: Any] {
            try #require(try value(arguments) as? [String: Any])
        }

        private func list(_ arguments: [String]) throws -> [[String: Any]] {
            try #require(try value(arguments) as? [[String: Any]])
        }

        private func value(_ arguments: [String]) throws -> Any {
            let result = try fixture.sotto(arguments)
            #expect(result.status == 0 && result.error.isEmpty, "\(arguments): \(result.error)")
            return try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        }

        private struct Preset: Decodable {
            let format: String
            let settings: Settings
            struct Settings: Decodable {
                let temperature, dryBase: Double
                let speculation: Bool
                let stop, drySequenceBreakers: [String]
                let logitBias: [String: Double]
                let seed: UInt64?
            }
        }
    }
}
