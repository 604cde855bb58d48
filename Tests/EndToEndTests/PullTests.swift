import Foundation
import TestSupport
import Testing

extension EndToEndTests {
    /// Fetching models with the real program, from a server on this computer.
    @Suite struct PullTests {
        let fixture: Fixture
        let server: PullServer

        init() async throws {
            fixture = try Fixture()
            server = try await PullServer.started(fixture.home.appending(path: "server"))
        }

        private static let file = "SmolLM2-135M-Instruct.Q4_1.gguf"
        private var models: URL { fixture.home.appending(path: "own/models") }

        /// A home without models.
        private var environment: [String: String?] {
            [
                "HOME": fixture.home.path, "SOTTO_HOME": fixture.home.appending(path: "own").path,
                "HF_ENDPOINT": server.address, "SOTTO_OLLAMA_REGISTRY": server.address,
            ]
        }

        /// Lays the default model out as a repository, with a name that no other model here has.
        private func publish() throws {
            let model = try #require(Fixture.models).appending(path: "\(Fixture.defaultModel).gguf")
            try server.put("hub/alice/Smol-GGUF/Smol-Q4_1.gguf", Data(contentsOf: model))
        }

        private func sotto(
            _ arguments: [String], _ extra: [String: String?] = [:], _ act: (Command.Running) throws -> Void = { _ in }
        ) throws -> Command {
            try Command(
                Fixture.binary.path, arguments, environment: environment.merging(extra) { $1 }, whileRunning: act)
        }

        /// Waits for a part of the file.
        private func waitForPart() throws {
            let part = models.appending(path: "alice/Smol-GGUF/.pull-Smol-Q4_1.gguf")
            for _ in 0..<600 {
                let size = try? part.resourceValues(forKeys: [.fileSizeKey]).fileSize
                if let size, size > 1_000_000 { return }
                Thread.sleep(forTimeInterval: 0.05)
            }
            Issue.record("nothing arrives")
        }

        @Test func aModelIsPulledListedAndReplies() throws {
            try publish()
            let pulled = try sotto(["pull", "hf.co/alice/Smol-GGUF"])
            #expect(pulled.status == 0 && pulled.output == "Smol-Q4_1\n", "\(pulled.error)")
            for text in ["hf.co/alice/Smol-GGUF:Q4_1", "98 MB", "of memory", "apache-2.0", "100 %"] {
                #expect(pulled.error.contains(text), "\(pulled.error)")
            }
            #expect(try sotto(["models"]).output.contains("Smol-Q4_1"))
            let reply = try sotto(["run", "--model", "Smol-Q4_1", "--max-tokens", "4", "--json", "Hello."])
            #expect(reply.output.contains(#""tokens""#), "\(reply.error)")
            let again = try sotto(["pull", "hf.co/alice/Smol-GGUF", "--json"])
            let report = try #require(
                try JSONSerialization.jsonObject(with: Data(again.output.utf8)) as? [String: Any])
            #expect(report["name"] as? String == "Smol-Q4_1" && report["format"] as? String == "Q4_1")
            #expect(server.requests.count { $0.port == "files" } == 1)
            #expect(try sotto(["models", "remove", "Smol-Q4_1"]).status == 0)
            #expect(try !sotto(["models"]).output.contains("Smol-Q4_1"))
        }

        /// Ctrl-C, and a kill that leaves no time for anything.
        @Test(arguments: [SIGINT, SIGKILL]) func whatHasArrivedIsUsed(signal: Int32) throws {
            try publish()
            try server.scenario(#"{"rate": 8000000}"#)
            let stopped = try sotto(["pull", "hf.co/alice/Smol-GGUF"]) { program in
                try waitForPart()
                kill(program.pid, signal)
            }
            #expect(stopped.output.isEmpty)
            if signal == SIGINT {
                #expect(stopped.status == 130)
                #expect(stopped.error.contains("The same command goes on from here"))
            }
            #expect(try !sotto(["models"]).output.contains("Smol"))
            try server.scenario("{}")
            let finished = try sotto(["pull", "hf.co/alice/Smol-GGUF"])
            #expect(finished.status == 0 && finished.output == "Smol-Q4_1\n", "\(finished.error)")
            #expect(finished.error.contains("of it here"))
            #expect(server.requests.last?.range?.hasPrefix("bytes=") == true)
            let (original, copy) = (
                try #require(Fixture.models).appending(path: "\(Fixture.defaultModel).gguf").path,
                models.appending(path: "alice/Smol-GGUF/Smol-Q4_1.gguf").path
            )
            #expect(FileManager.default.contentsEqual(atPath: original, andPath: copy))
        }

        @Test func errorsAreOneLine() throws {
            for (address, extra, text) in [
                ("smollm", [:], "is not a model's address"),
                ("hf.co/alice/Nothing", [:], "has no alice/Nothing"),
                ("ollama.com/nothing", [:], "has no nothing:latest"),
                ("hf.co/alice/Smol", ["HF_ENDPOINT": nil, "SOTTO_OFFLINE": "1"], "offline mode"),
                ("default", ["SOTTO_OFFLINE": "1"], "offline mode"),
            ] as [(String, [String: String?], String)] {
                let result = try sotto(["pull", address], extra)
                #expect(result.status == 1 || result.status == 64)
                #expect(result.output.isEmpty && result.error.contains(text), "\(result.error)")
                #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
            }
        }

        /// A first run without any model: another one than the default is fetched from the chat, and used.
        @Test func theChatFetchesAModel() async throws {
            try publish()
            try server.scenario(#"{"rate": 30000000}"#)
            // The terminal's home is the fixture's, which has models.
            try FileManager.default.removeItem(at: fixture.home.appending(path: "models"))
            let terminal = try Terminal(
                fixture, environment: ["HOME": fixture.home.path, "HF_ENDPOINT": server.address])
            try await terminal.wait(for: "the offer", seconds: 30) { $0.contains("/pull") }
            try terminal.send("/pull hf.co/alice/Smol-GGUF")
            try await terminal.wait(for: "the plan", seconds: 30) { $0.contains("98 MB") && $0.contains("Q4_1") }
            try terminal.press("Enter")
            try await terminal.wait(for: "progress", seconds: 30) { $0.contains("MB/s") }
            try await terminal.wait(for: "the model in the header", seconds: 60) { $0.prefix(100).contains("Smol") }
            try await terminal.escape(to: "the closed panel") {
                !$0.contains("etting a model") && !$0.contains("Get a model")
            }
            try terminal.send("/set max_tokens 4")
            try terminal.send("Hello.")
            try await terminal.wait(for: "first token", seconds: 60) { $0.contains("first token") }
            try terminal.send("/quit")
            try await terminal.wait(for: "exit status 0", seconds: 30) { $0.contains("exit status 0") }
        }
    }
}
