import Foundation
import Testing

extension EndToEndTests {
    /// ONNX exports in the program: a tiny one of the engine's tests.
    @Suite(
        .enabled(
            if: ProcessInfo.processInfo.environment["SOTTO_ONNXRUNTIME"] != nil, "SOTTO_ONNXRUNTIME is not set"))
    struct ExportTests {
        let fixture: Fixture

        init() throws {
            fixture = try Fixture()
            for name in ["genai-int4", "merged"] {
                try FileManager.default.copyItem(
                    at: Fixture.root.appending(path: "Tests/InferenceTests/Golden/onnx/\(name)"),
                    to: fixture.home.appending(path: "models/\(name)"))
            }
        }

        @Test func commandsTakeThem() throws {
            let list = try fixture.sotto(["models"]).output
            #expect(list.contains(/genai-int4 .*ONNX int4/) && list.contains(/merged .*ONNX fp32/), "\(list)")
            let arguments = ["run", "--no-input", "--max-tokens", "8", "--seed", "1", "Hello"]
            for name in ["genai-int4", "merged"] {
                let replies = try (0..<2).map { _ in try fixture.sotto(arguments + ["--model", name]) }
                #expect(replies.allSatisfy { $0.status == 0 && $0.error.isEmpty }, "\(replies)")
                #expect(replies[0].output == replies[1].output && !replies[0].output.isEmpty)
                let inspected = try fixture.sotto(["inspect", name])
                #expect(inspected.output.contains("ONNX export, llama") && inspected.output.contains("input_ids"))
            }
            let render = try fixture.sotto(["tokenize", "genai-int4", "--json"], input: "the")
            #expect(render.output.contains("\"tokens\""), "\(render)")
        }

        @Test func whatIsNotPossibleIsALine() throws {
            let folder = fixture.home.appending(path: "models/genai-int4").path
            let commands = [
                (["quantize", folder, "\(folder).gguf", "Q8_0"], "cannot be quantized"),
                (["convert", folder, "\(folder).gguf"], "cannot be converted"),
                (
                    ["run", "--no-input", "--model", "genai-int4", "--set", "onnx_provider=coreml", "Hi"],
                    "built without CoreML"
                ),
                (
                    ["run", "--no-input", "--model", "genai-int4", "--set", "onnx_provider=gpu", "Hi"],
                    "one of cpu, cuda"
                ),
            ]
            for (arguments, problem) in commands {
                let command = try fixture.sotto(arguments)
                #expect(command.status == 1 && command.error.contains(problem), "\(command.error)")
                #expect(command.error.split(separator: "\n").count == 1, "\(command.error)")
            }
        }

        /// Without a library everything else works, and one line says how to get it.
        @Test func withoutALibraryALineSaysHowToGetIt() throws {
            let none = ["SOTTO_ONNXRUNTIME": "/nowhere"]
            let list = try fixture.sotto(["models"], environment: none).output
            let row = try #require(list.split(separator: "\n").first { $0.hasPrefix("genai-int4 ") })
            #expect(row.contains("cannot be used: ") && row.contains("SOTTO_ONNXRUNTIME"), "\(row)")
            let run = try fixture.sotto(["run", "--no-input", "--model", "genai-int4", "Hi"], environment: none)
            #expect(run.status == 1 && run.error.split(separator: "\n").count == 1, "\(run.error)")
            let other = try fixture.sotto(["run", "--no-input", "--max-tokens", "2", "Hi"], environment: none)
            #expect(other.status == 0, "\(other.error)")
        }

        /// In the chat a reply is shown, saved and can be looked at token by token.
        @Test func theChatTalksToThem() async throws {
            let terminal = try Terminal(fixture, arguments: ["--model", "genai-int4"])
            try await terminal.wait(for: "genai-int4")
            try terminal.send("/set max_tokens 12")
            try terminal.send("Hello")
            try await terminal.waitForReply()
            try await fixture.stored { $0.messages.count == 2 && $0.messages.last?.stats != nil }
            #expect(try fixture.messages()[1].model?.name == "genai-int4")
            try terminal.send("/tokens")
            try await terminal.wait(for: "%")
        }
    }
}
