import Foundation
import Testing

extension EndToEndTests {
    /// `sotto models`.
    @Suite struct ModelCommandTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        @Test func showPrintsDetails() throws {
            try FileManager.default.createDirectory(
                at: fixture.home.appending(path: "cache"), withIntermediateDirectories: true)
            _ = try fixture.file(
                "cache/speeds.json", holding: Data(#"{"local/\#(Fixture.defaultModel)": 312.5}"#.utf8))
            let model = try shown("smollm2")
            #expect(model.name == Fixture.defaultModel && model.provider == "local" && model.architecture == "llama")
            #expect(model.format == "Q4_1" && model.parameters == 134_515_008 && model.contextLength == 8192)
            #expect(model.hasTemplate == true && model.tokensPerSecond == 312.5 && model.problem == nil)
            let memory = try #require(model.memory)
            #expect(memory.bytes > (model.bytes ?? .max) && memory.contextLength > 0)
            #expect(model.path == fixture.home.appending(path: "models/\(Fixture.defaultModel).gguf").path)
            let other = try shown("gemma")
            #expect(other.hasTemplate == false && other.tokensPerSecond == nil)

            let text = try fixture.sotto(["models", "show", "SmolLM2"])
            #expect(text.status == 0 && text.error.isEmpty)
            for line in [
                /architecture +llama/, /parameters +135 M/, /format +Q4_1/, /trained context +8192 tokens/,
                /memory +\d+ MB for \d+ tokens/, /chat template +yes/, /speed on this machine +312\.5 tokens\/s/,
                /path +\/.*gguf/,
            ] { #expect(text.output.contains(line), "\(text.output)") }
        }

        @Test func listHasWhatDecides() throws {
            try FileManager.default.createDirectory(
                at: fixture.home.appending(path: "cache"), withIntermediateDirectories: true)
            _ = try fixture.file("cache/speeds.json", holding: Data(#"{"local/\#(Fixture.defaultModel)": 200}"#.utf8))
            let text = try fixture.sotto(["models"])
            let rows = text.output.split(separator: "\n")
            let measured = try #require(rows.first { $0.hasPrefix(Fixture.defaultModel) })
            #expect(measured.contains("135 M") && measured.contains("  200 tok/s"), "\(text.output)")
            let other = try #require(rows.first { $0.hasPrefix(Fixture.otherModel) })
            #expect(other.contains(/~\d+ tok\/s/), "\(text.output)")
            #expect(!text.output.contains("NAME"), "no headings in a pipe")

            let json = try fixture.sotto(["models", "--json"])
            let list = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
            let names = list.compactMap { $0["name"] as? String }
            #expect(names.contains(Fixture.defaultModel) && names.contains(Fixture.otherModel))
            for model in list where model["provider"] as? String == "local" {
                let isMeasured = model["name"] as? String == Fixture.defaultModel
                #expect(model["notes"] is [String])
                #expect((model["predictedTokensPerSecond"] == nil) == isMeasured)
                #expect((model["tokensPerSecond"] as? Double) == (isMeasured ? 200 : nil))
            }
        }

        @Test func recommendNamesWhatFits() throws {
            let text = try fixture.sotto(["models", "recommend"])
            #expect(text.status == 0 && text.error.isEmpty, "\(text.error)")
            #expect(text.output.hasPrefix("Best for ") && text.output.contains("Fetch it with: sotto pull hf.co/"))
            #expect(text.output.contains("best for this computer") && !text.output.contains("Fast enough"))
            try FileManager.default.createDirectory(
                at: fixture.home.appending(path: "cache"), withIntermediateDirectories: true)
            _ = try fixture.file("cache/speeds.json", holding: Data(#"{"local/\#(Fixture.defaultModel)": 45}"#.utf8))
            let measured = try fixture.sotto(["models", "recommend"])
            #expect(measured.output.contains("Fast enough to talk with: Qwen3 0.6B. "), "\(measured.output)")

            let own = [
                #"{"address": "hf.co/ann/tiny:Q8_0", "title": "Ann's own", "parameters": 1000000, "bytes": 1000000,"#,
                #""license": "MIT", "use": "small"}, {"address": "hf.co/ann/wrong"}"#,
            ]
            _ = try fixture.file("recommended.json", holding: Data("[\(own.joined(separator: "\n"))]".utf8))
            let json = try fixture.sotto(["models", "recommend", "--json"])
            #expect(json.status == 0)
            #expect(
                json.error.contains("recommended.json, line 2: a model needs a title and a license"), "\(json.error)")
            let list = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
            let best = list.filter { $0["isBest"] as? Bool == true }
            #expect(best.count == 1 && list.first?["isBest"] as? Bool == true)
            let mine = try #require(list.first { $0["title"] as? String == "Ann's own" })
            #expect(mine["fits"] as? Bool == true && mine["predictedTokensPerSecond"] is Double)
            let fits = list.map { $0["fits"] as? Bool == true }
            #expect(fits == fits.sorted { $0 && !$1 }, "those that do not fit come last")
        }

        @Test func showsBrokenFilesWithTheReason() throws {
            try Data("nothing".utf8).write(to: fixture.home.appending(path: "models/bro\u{1b}[31mken.gguf"))
            let model = try shown("bro")
            #expect(model.problem?.contains("not a GGUF file") == true && model.memory == nil)
            for arguments in [["models"], ["models", "--json"], ["models", "show", "bro"]] {
                let result = try fixture.sotto(arguments)
                #expect(result.status == 0 && !result.output.contains("\u{1b}"), "\(result.output)")
                #expect(result.output.contains("not a GGUF file"))
            }
            let short = try fixture.sotto(["models", "remove", "bro"])
            #expect(short.status == 1 && short.error.contains("full name") && !short.error.contains("\u{1b}"))
            #expect(try fixture.sotto(["models", "remove", model.name]).status == 0)
            #expect(try !fixture.sotto(["models"]).output.contains("not a GGUF file"))
        }

        @Test func exportsAndImportsFiles() throws {
            let file = fixture.home.appending(path: "A Copy.gguf")
            let out = try fixture.sotto(["models", "export", "SmolLM2", file.path, "--json"])
            #expect(out.status == 0 && out.error.isEmpty, "\(out.error)")
            #expect(try object(out)["file"] as? String == file.path)
            let source = try #require(Fixture.models).appending(path: "\(Fixture.defaultModel).gguf")
            #expect(FileManager.default.contentsEqual(atPath: file.path, andPath: source.path))
            let again = try fixture.sotto(["models", "export", "SmolLM2", file.path])
            #expect(again.status == 1 && again.error.contains("already"), "\(again.error)")

            let taken = try fixture.sotto(["models", "import", file.path, "--json"])
            let model = try JSONDecoder().decode(Model.self, from: Data(taken.output.utf8))
            #expect(model.name == "A Copy" && model.path?.hasPrefix(fixture.home.path) == true)
            let twice = try fixture.sotto(["models", "import", file.path])
            #expect(twice.status == 1 && twice.output.isEmpty && twice.error.contains("already"))
            // The copy works like any other model.
            try FileManager.default.removeItem(at: file)
            let reply = try fixture.sotto(["run", "--model", "A Copy", "--max-tokens", "2", "Hello"])
            #expect(!reply.output.isEmpty)

            let gone = try fixture.sotto(["models", "remove", "A Copy", "--json"])
            #expect(try object(gone)["file"] as? String == model.path)
            #expect(try fixture.sotto(["models", "remove", "A Copy"]).status == 1)
            let models = try FileManager.default.contentsOfDirectory(
                atPath: fixture.home.appending(path: "models").path)
            #expect(models.sorted() == ["\(Fixture.defaultModel).gguf", "\(Fixture.otherModel).gguf"])
        }

        @Test func doesNotRemoveFilesOfOtherPrograms() throws {
            let store = fixture.home.appending(path: "ollama")
            let digest = String(repeating: "ab", count: 32)
            let manifest = store.appending(path: "manifests/registry.ollama.ai/library/tiny")
            for folder in [manifest, store.appending(path: "blobs")] {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            }
            let layers =
                #"{"layers":[{"mediaType":"application/vnd.ollama.image.model","digest":"sha256:\#(digest)"}]}"#
            try Data(layers.utf8).write(to: manifest.appending(path: "1b"))
            let blob = try fixture.file("ollama/blobs/sha256-\(digest)", holding: Data("GGUF".utf8))
            let elsewhere = fixture.home.appending(path: "shelf")
            try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
            let other = try fixture.file("shelf/Other.gguf", holding: Data("GGUF".utf8))
            let environment = [
                "SOTTO_HOME": fixture.home.path, "OLLAMA_MODELS": store.path, "SOTTO_MODELS": elsewhere.path,
            ]
            for (name, path, hint) in [("tiny:1b", blob, "\"ollama rm tiny:1b\""), ("Other", other, "models folder")] {
                let result = try Command(Fixture.binary.path, ["models", "remove", name], environment: environment)
                #expect(
                    result.status == 1 && result.error.contains(hint) && result.error.contains(path), "\(result.error)")
                #expect(FileManager.default.fileExists(atPath: path))
            }
        }

        private func shown(_ name: String) throws -> Model {
            let result = try fixture.sotto(["models", "show", name, "--json"])
            return try JSONDecoder().decode(Model.self, from: Data(result.output.utf8))
        }

        private func object(_ result: Command) throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        }

        private struct Model: Decodable {
            let name, provider: String
            let path, architecture, format, license, problem: String?
            let parameters, bytes, contextLength: Int?
            let hasTemplate, hasThinkingSwitch: Bool?
            let tokensPerSecond: Double?
            let memory: Memory?
            struct Memory: Decodable { let bytes, contextLength: Int }
        }
    }
}
