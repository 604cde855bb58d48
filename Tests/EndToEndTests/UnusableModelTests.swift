import Foundation
import GGUF
import Testing

extension EndToEndTests {
    /// Files that cannot be used as models say so wherever models are listed, before they are chosen.
    @Suite struct UnusableModelTests {
        let fixture: Fixture

        init() throws {
            fixture = try Fixture()
            try fixture.model("no-context") { $0.remove("llama.context_length") }
            try fixture.model("odd-tokenizer") { $0.set("tokenizer.ggml.model", .string("rwkv")) }
            try fixture.model("broken-template") { $0.set(ModelVariant.template, .string("{% if %}")) }
            try fixture.model("search") { $0.set("llama.pooling_type", .uint32(3)) }
            try fixture.header("adapter", [("general.architecture", "llama"), ("general.type", "adapter")])
            try fixture.header("next", [("general.architecture", "qwen4exp")])
            try fixture.header("encoder", [("general.architecture", "bert")])
            try fixture.header("importance", [("general.type", "imatrix")])
        }

        private static let reasons = [
            "no-context": "The file's metadata has no llama.context_length",
            "odd-tokenizer": "tokenizer model \"rwkv\" is not supported",
            "search": "turns texts into vectors",
            "adapter": "This is a LoRA adapter for llama models, not a model",
            "next": "Architecture \"qwen4exp\" is not supported. The nearest that are: qwen",
            "encoder": "turns texts into vectors",
            "importance": "This is an importance matrix",
        ]

        @Test func commandsNameTheReason() throws {
            let list = try fixture.sotto(["models"]).output.split(separator: "\n")
            for (name, reason) in Self.reasons {
                let row = try #require(list.first { $0.hasPrefix("\(name) ") })
                #expect(row.contains("cannot be used: ") && row.contains(reason), "\(row)")
                let shown = try fixture.sotto(["models", "show", name])
                #expect(shown.status == 0 && shown.output.contains("cannot be used"), "\(shown.error)")
                #expect(shown.output.contains(reason), "\(shown.output)")
                let run = try fixture.sotto(["run", "--model", name, "Hello"])
                #expect(run.status == 1 && run.error.contains(reason), "\(run.error)")
            }
            let usable = try #require(list.first { $0.hasPrefix("broken-template ") })
            #expect(!usable.contains("cannot be used"))
            let template = try fixture.sotto(["models", "show", "broken-template"]).output
            #expect(template.contains(/note +The model's chat template cannot be used \(/), "\(template)")
        }

        @Test func theChatNamesTheReason() async throws {
            let terminal = try Terminal(fixture, width: 130, height: 36)
            try await terminal.wait(for: "Write a message")
            try terminal.press("F2")
            try await terminal.wait(for: "all models") { $0.contains("Models (10)") }
            for (name, reason) in Self.reasons {
                try terminal.type(name)
                // The list shortens reasons; the preview wraps them, so words may be on two lines.
                let start = reason.split(separator: " ").prefix(3).joined(separator: " ")
                try await terminal.wait(for: "why \(name) cannot be used") { screen in
                    screen.contains("! \(name)") && screen.contains(start)
                }
                try terminal.press("C-u")
                try await terminal.wait(for: "all models") { $0.contains("Models (10)") }
            }
            try terminal.type("adapter")
            try await terminal.wait(for: "the adapter alone") { $0.contains("Models (1)") }
            try terminal.press("Enter")
            try await terminal.wait(for: "the reason in the footer") {
                $0.contains("! This is a LoRA adapter for llama models")
            }
            try await terminal.escape(to: "the closed list", until: { !$0.contains("Models (1)") })
            try terminal.send("/model next")
            try await terminal.wait(for: "next: Architecture \"qwen4exp\" is not supported")
        }
    }
}

extension Fixture {
    /// Writes a file with a tensor and little else to the models folder.
    fileprivate func header(_ name: String, _ texts: [(String, String)]) throws {
        var writer = GGUFWriter()
        for (key, text) in texts { writer.add(key, .string(text)) }
        writer.addTensor("blk.0.attn_q.weight", dimensions: [32, 2], type: try #require(TensorType.find(0)))
        try writer.write(to: home.appending(path: "models/\(name).gguf").path) { _ in
            [UInt8](repeating: 0, count: 256)
        }
    }
}
