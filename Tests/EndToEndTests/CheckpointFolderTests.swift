import Foundation
import Testing

extension EndToEndTests {
    /// Folders of Hugging Face's libraries as models: tiny ones with random weights and 96 words.
    @Suite struct CheckpointFolderTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        /// Writes a model with the name `tiny`.
        private func write(_ kind: String) throws {
            let golden = Fixture.root.appending(path: "Tests/InferenceTests/Golden/checkpoints/\(kind)")
            let folder = fixture.home.appending(path: "models/tiny")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for name in ["config.json", "model.safetensors"] {
                try FileManager.default.copyItem(at: golden.appending(path: name), to: folder.appending(path: name))
            }
            let words = (0..<96).map { "\"w\($0)\": \($0)" }.joined(separator: ", ")
            let texts = [
                "tokenizer.json": """
                {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
                "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
                "model": {"type": "WordLevel", "vocab": {\(words)}, "unk_token": "w0"}}
                """,
                "chat_template.jinja": "{% for message in messages %}w5 {{ message.content }} w6 {% endfor %}w7",
                "README.md": "---\nlicense: apache-2.0\n---\n",
            ]
            for (name, text) in texts {
                try text.write(to: folder.appending(path: name), atomically: false, encoding: .utf8)
            }
        }

        /// Dense weights, a state of fixed size, and packed weights: what lists call their format.
        @Test(arguments: [
            ("llama", "llama", "BF16"), ("mamba2", "mamba2", "BF16"), ("packed/nvfp4", "qwen3moe", "NVFP4"),
            ("packed/gptq", "llama", "GPTQ"),
        ])
        func commandsTakeAFolderWhereTheyTakeAFile(kind: String, architecture: String, format: String) throws {
            try write(kind)
            let path = fixture.home.appending(path: "models/tiny").path
            let messages = try fixture.file(
                "messages.json", holding: Data(#"{"messages": [{"role": "user", "content": "w9"}]}"#.utf8))
            for model in ["tiny", path] {
                let tokens = try fixture.sotto(["tokenize", model, "--json"], input: "w11 w48 w3")
                #expect(tokens.output.filter { !$0.isWhitespace }.contains("[11,48,3]"), "\(tokens.output)")
                let prompt = try fixture.sotto(["render", model, "--messages", messages])
                #expect(prompt.output.contains("w5 w9 w6 w7"), "\(prompt.output) \(prompt.error)")
                #expect(try fixture.sotto(["logits", model, "--tokens", "1,2,3", "--json"]).status == 0)
                #expect(try fixture.sotto(["inspect", model]).output.contains(architecture))
                let reply = try fixture.sotto(["run", "--model", model, "--max-tokens", "3", "--json", "w9"])
                #expect(reply.status == 0 && reply.output.contains("\"text\""), "\(reply.error)")
                let speed = ["bench", model, "--prefill", "8", "--decode", "4", "--repetitions", "1", "--json"]
                #expect(try fixture.sotto(speed).status == 0)
            }
            let shown = try fixture.sotto(["models", "show", "tiny"])
            #expect(shown.output.contains(format) && shown.output.contains("apache-2.0"), "\(shown.output)")
        }

        @Test(arguments: ["llama", "qwen3_next"])
        func aFolderRepliesInTheChatAndItsSessionIsResumed(kind: String) async throws {
            try write(kind)
            var terminal = try Terminal(fixture, arguments: ["--model", "tiny"])
            try await terminal.wait(for: "tiny")
            try terminal.press("F2")
            try await terminal.wait(for: "the folder in the list") { $0.contains("Models (") && $0.contains("● tiny") }
            try await terminal.escape(to: "the chat") { !$0.contains("Models (") }
            try terminal.send("/set max_tokens 5")
            try terminal.send("w9 w10")
            try await terminal.waitForReply()
            try terminal.send("/quit")
            try await terminal.wait(for: "exit status 0")

            terminal = try Terminal(fixture)
            try await terminal.wait(for: "w9 w10")
            try terminal.send("w11")
            try await terminal.wait(for: "the second reply on disk") { _ in
                try fixture.sessions().contains { $0.messages.count == 4 && $0.messages[3].stats != nil }
            }
        }
    }
}
