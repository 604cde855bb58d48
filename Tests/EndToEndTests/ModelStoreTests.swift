import Foundation
import Testing

extension EndToEndTests {
    /// Models and presets in other programs' stores, as those programs lay them out.
    @Suite struct ModelStoreTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        /// Three names for the default model, one with a system prompt, and a template in Go. The last argument is the
        /// store's folder, the first the model's file.
        private static let layout = """
            set -e
            MODEL=$1 STORE=$2 PREFIX=application/vnd.ollama.image
            mkdir -p "$STORE/blobs"
            blob() {
                DIGEST=$(sha256sum "$1" 2>/dev/null || shasum -a 256 "$1")
                DIGEST=${DIGEST%% *}
                cp "$1" "$STORE/blobs/sha256-$DIGEST"
                LAYER="{\\"mediaType\\":\\"$PREFIX.$2\\",\\"digest\\":\\"sha256:$DIGEST\\",\\"size\\":1}"
            }
            text() { printf %s "$1" > "$STORE/text"; blob "$STORE/text" "$2"; rm "$STORE/text"; }
            manifest() {
                mkdir -p "$STORE/manifests/$(dirname "$1")"
                printf '{"schemaVersion":2,"layers":[%s]}' "$2" > "$STORE/manifests/$1"
            }
            blob "$MODEL" model; WEIGHTS=$LAYER
            text '{{ .System }} {{ .Prompt }}' template; TEMPLATE=$LAYER
            text 'Apache License Version 2.0' license; LICENSE=$LAYER
            text 'Answer like a pirate.' system; SYSTEM=$LAYER
            text '{"temperature":0.5,"stop":["<|im_end|>"]}' params; PARAMS=$LAYER
            manifest registry.ollama.ai/library/smollm2/135m "$WEIGHTS,$TEMPLATE,$LICENSE,$PARAMS"
            manifest registry.ollama.ai/alice/mine/latest "$WEIGHTS,$TEMPLATE,$SYSTEM"
            manifest hf.co/user/repo/Q4_1 "$WEIGHTS"
            """

        private static let names = ["smollm2:135m", "alice/mine:latest", "hf.co/user/repo:Q4_1"]

        /// - Returns: the variables with which the store is found.
        private func layOut() throws -> [String: String] {
            let model = try #require(Fixture.models).appending(path: "\(Fixture.defaultModel).gguf").path
            let store = fixture.home.appending(path: "ollama").path
            let result = try Command("sh", ["-c", Self.layout, "sh", model, store])
            #expect(result.status == 0, "\(result.error)")
            return ["HOME": fixture.home.path, "SOTTO_HOME": fixture.home.path, "OLLAMA_MODELS": store]
        }

        private func sotto(_ arguments: [String], _ environment: [String: String]) throws -> Command {
            try Command(Fixture.binary.path, arguments, environment: environment.mapValues(Optional.some))
        }

        @Test func modelsOfOllamaAreListedAndReply() throws {
            let environment = try layOut()
            let listed = try sotto(["models", "--json"], environment)
            let models = try #require(
                try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [[String: Any]])
            let found = models.filter { Self.names.contains($0["name"] as? String ?? "") }
            #expect(found.count == 3 && found.allSatisfy { $0["problem"] == nil })

            for name in ["alice/mine", "smollm2:135m", "hf.co/user/repo:Q4_1"] {
                let reply = try sotto(["run", "--model", name, "--max-tokens", "2", "--json", "Hello"], environment)
                #expect(reply.output.contains("\"text\""), "\(name): \(reply.error)")
            }
            for name in Self.names {
                let gone = try sotto(["models", "remove", name], environment)
                #expect(gone.status == 1 && gone.error.contains("\"ollama rm \(name)\""), "\(gone.error)")
            }
            #expect(try sotto(["run", "--model", "alice/mine:7b", "Hello"], environment).status == 1)
        }

        @Test func changesAreShownWhileTheChatRuns() async throws {
            let environment = try layOut()
            let terminal = try Terminal(fixture, environment: environment.filter { $0.key != "SOTTO_HOME" })
            try await terminal.wait(for: "Write a message")
            try terminal.press("F2")
            // Lists may shorten names to their last parts.
            try await terminal.wait(for: "all models") { screen in
                ["smollm2:135m", "mine:latest", "repo:Q4_1"].allSatisfy(screen.contains)
            }
            let manifests = fixture.home.appending(path: "ollama/manifests")
            let mine = manifests.appending(path: "registry.ollama.ai/alice/mine")
            try FileManager.default.copyItem(
                at: mine.appending(path: "latest"), to: mine.appending(path: "second"))
            try await terminal.wait(for: "mine:second")
            try FileManager.default.removeItem(at: manifests.appending(path: "hf.co"))
            try await terminal.wait(for: "the list without it") { screen in
                screen.contains("mine:second") && !screen.contains("repo:Q4_1")
            }
        }

        @Test func presetsOfLMStudioAreListedAndNotChanged() throws {
            let folder = fixture.home.appending(path: ".lmstudio/config-presets")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let text = """
                {"name": "Pirate", "operation": {"fields": [
                    {"key": "llm.prediction.systemPrompt", "value": "Answer like a pirate."},
                    {"key": "llm.prediction.temperature", "value": 1.25}]}}
                """
            let file = try fixture.file(".lmstudio/config-presets/pirate.preset.json", holding: Data(text.utf8))
            let environment = ["HOME": fixture.home.path, "SOTTO_HOME": fixture.home.path]
            let name = "Pirate - LM Studio"
            #expect(try sotto(["presets"], environment).output.contains(name))
            let shown = try sotto(["presets", "show", name], environment).output
            #expect(shown.contains("Answer like a pirate.") && shown.contains(/temperature +1\.25/))
            let removed = try sotto(["presets", "remove", name], environment)
            #expect(removed.status == 1 && removed.error.contains("belongs to another program"))

            // A copy of our own takes precedence; without it the other one is back.
            let exported = try sotto(["presets", "export", name], environment).output
            let copy = try fixture.file("copy.json", holding: Data(exported.replacing("1.25", with: "0.5").utf8))
            #expect(try sotto(["presets", "import", copy], environment).status == 0)
            #expect(try sotto(["presets", "show", name], environment).output.contains(/temperature +0\.5/))
            #expect(try sotto(["presets", "remove", name], environment).status == 0)
            #expect(try sotto(["presets", "show", name], environment).output.contains(/temperature +1\.25/))
            #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
        }
    }
}
