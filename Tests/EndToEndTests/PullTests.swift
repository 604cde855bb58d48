import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension EndToEndTests {
    /// `sotto pull`, from servers on this computer.
    @Suite struct PullTests {
        let fixture: Fixture
        private let server: PullServer
        private static let file = "alice/Tiny/tiny-Q4_K_M.gguf"

        init() throws {
            fixture = try Fixture()
            server = try PullServer()
        }

        private func pull(
            _ arguments: [String], environment: [String: String?] = [:],
            whileRunning: (Command.Running) throws -> Void = { _ in }
        ) throws -> Command {
            let own: [String: String?] = [
                "SOTTO_HOME": fixture.home.path, "HOME": fixture.home.path, "HF_ENDPOINT": server.address,
                "SOTTO_OLLAMA_REGISTRY": server.address, "HF_TOKEN": nil, "HUGGING_FACE_HUB_TOKEN": nil,
                "HF_HOME": nil, "HF_TOKEN_PATH": nil, "SOTTO_OFFLINE": nil,
            ]
            return try Command(
                Fixture.binary.path, ["pull"] + arguments, environment: own.merging(environment) { $1 },
                whileRunning: whileRunning)
        }

        /// Bytes that begin like a model.
        private func write(_ count: Int) throws -> Data {
            let data = Data("GGUF".utf8) + Data((4..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
            try server.write(data, to: "hub/\(Self.file)")
            return data
        }

        private func path(_ name: String) -> URL { fixture.home.appending(path: "models/alice/Tiny/\(name)") }

        private var partial: URL { path(".pull-tiny-Q4_K_M.gguf") }

        /// Waits until so many bytes have arrived.
        private func waitForBytes(_ count: Int) throws {
            for _ in 0..<1200 {
                let size = try? FileManager.default.attributesOfItem(atPath: partial.path)[.size] as? Int
                if let size, size >= count { return }
                Thread.sleep(forTimeInterval: 0.02)
            }
            Issue.record("nothing arrived")
        }

        @Test func fetchesAModelThatRuns() throws {
            let model = try #require(Fixture.models).appending(path: "\(Fixture.defaultModel).gguf")
            try server.link(model, to: "hub/alice/Smol-GGUF/Smol-Fetched-Q4_1.gguf")
            let result = try pull(["hf:alice/Smol-GGUF", "--json"])
            #expect(result.status == 0, "\(result.error)")
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
            #expect(object["name"] as? String == "Smol-Fetched-Q4_1" && object["format"] as? String == "Q4_1")
            #expect(object["address"] as? String == "hf.co/alice/Smol-GGUF:Q4_1")
            #expect(result.error.contains("of memory") && result.error.contains("apache-2.0"))
            let reply = try fixture.sotto(["run", "--model", "Smol-Fetched-Q4_1", "--max-tokens", "2", "Hello"])
            #expect(!reply.output.isEmpty, "\(reply.error)")
            let again = try pull(["hf:alice/Smol-GGUF"])
            #expect(again.output == "Smol-Fetched-Q4_1\n")
            #expect(try server.ranges(of: "Smol-Fetched-Q4_1.gguf").count == 1)
        }

        /// A first run without any model: another one than the default is fetched from the chat, and used.
        @Test func theChatFetchesAModel() async throws {
            let model = try #require(Fixture.models).appending(path: "\(Fixture.defaultModel).gguf")
            try server.link(model, to: "hub/alice/Smol-GGUF/Smol-Q4_1.gguf")
            try server.behave(["rate": 30_000_000])
            // The terminal's home is the fixture's, which has models.
            try FileManager.default.removeItem(at: fixture.home.appending(path: "models"))
            let terminal = try Terminal(
                fixture, environment: ["HOME": fixture.home.path, "HF_ENDPOINT": server.address, "HF_TOKEN": ""])
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
            try await terminal.waitForReply()
            try terminal.send("/quit")
            try await terminal.wait(for: "exit status 0", seconds: 30) { $0.contains("exit status 0") }
        }

        @Test func goesOnAfterBeingKilled() throws {
            let model = try write(3_000_000)
            try server.behave(["rate": 1_000_000])
            let killed = try pull(["hf:alice/Tiny"]) { running in
                try waitForBytes(500_000)
                #expect(!FileManager.default.fileExists(atPath: path("tiny-Q4_K_M.gguf").path))
                kill(running.pid, SIGKILL)
            }
            #expect(killed.status == 128 + SIGKILL)
            #expect(!FileManager.default.fileExists(atPath: path("tiny-Q4_K_M.gguf").path))
            try server.behave([:])
            let resumed = try pull(["hf:alice/Tiny"])
            #expect(resumed.output == "tiny-Q4_K_M\n" && resumed.error.contains("of it here"), "\(resumed.error)")
            #expect(try Data(contentsOf: path("tiny-Q4_K_M.gguf")) == model)
            let ranges = try server.ranges(of: "tiny-Q4_K_M.gguf")
            #expect(ranges.count == 2 && ranges[0] == nil && ranges[1]?.hasPrefix("bytes=") == true)
            #expect(try FileManager.default.contentsOfDirectory(atPath: path("").path) == ["tiny-Q4_K_M.gguf"])
        }

        @Test func ctrlCStopsAndSaysHowToGoOn() throws {
            _ = try write(3_000_000)
            try server.behave(["rate": 1_000_000])
            let stopped = try pull(["hf:alice/Tiny"]) { running in
                try waitForBytes(300_000)
                kill(running.pid, SIGINT)
            }
            #expect(stopped.status == 130 && stopped.output.isEmpty)
            #expect(stopped.error.hasSuffix("Stopped. The same command goes on from here\n"), "\(stopped.error)")
            #expect(FileManager.default.fileExists(atPath: partial.path))
        }

        @Test func twoPullsOfOneFileDoNotMix() throws {
            let model = try write(3_000_000)
            try server.behave(["rate": 1_000_000])
            let first = try pull(["hf:alice/Tiny"]) { _ in
                try waitForBytes(100_000)
                let second = try pull(["hf:alice/Tiny"])
                #expect(second.status == 1 && second.output.isEmpty)
                #expect(
                    second.error.hasSuffix("sotto: tiny-Q4_K_M.gguf is being downloaded by another Sotto\n"),
                    "\(second.error)")
            }
            #expect(first.status == 0, "\(first.error)")
            #expect(try Data(contentsOf: path("tiny-Q4_K_M.gguf")) == model)
        }

        /// A limit on the size of files stands in for a full disk.
        @Test func aWriteThatFailsLeavesWhatFits() throws {
            let model = try write(3_000_000)
            let script = "trap '' XFSZ; ulimit -f 1000; exec \"$0\" pull hf:alice/Tiny"
            let environment: [String: String?] = [
                "SOTTO_HOME": fixture.home.path, "HOME": fixture.home.path, "HF_ENDPOINT": server.address,
                "HF_TOKEN": nil, "SOTTO_OFFLINE": nil,
            ]
            let limited = try Command("bash", ["-c", script, Fixture.binary.path], environment: environment)
            #expect(limited.status == 1 && limited.output.isEmpty)
            #expect(limited.error.hasSuffix(": the file would grow too large\n"), "\(limited.error)")
            let size = try FileManager.default.attributesOfItem(atPath: partial.path)[.size] as? Int
            #expect(try 900_000...1_024_000 ~= #require(size))
            #expect(try pull(["hf:alice/Tiny"]).status == 0)
            #expect(try Data(contentsOf: path("tiny-Q4_K_M.gguf")) == model)
            #expect(try server.ranges(of: "tiny-Q4_K_M.gguf").count == 2)
        }

        @Test func failuresAreOneLine() throws {
            _ = try write(1000)
            try server.behave(["gated": "manual", "token": "hf_right"])
            let cases: [(arguments: [String], environment: [String: String?], text: String)] = [
                (["llama3.2"], [:], "not a model's address"),
                (["hf:alice/Tony"], [:], "has no alice/Tony, or it is private"),
                (["hf:alice/Tiny"], [:], "Accept the terms at \(server.address)/alice/Tiny, and set HF_TOKEN"),
                (["hf:alice/Tiny"], ["HF_TOKEN": "hf_wrong"], "refused the token in HF_TOKEN"),
                (["ollama:none"], [:], "has no none:latest"),
                (["\(server.address)/files/none.gguf"], [:], "has no such file"),
                (["http://127.0.0.1:1/x.gguf"], [:], "refused the connection"),
                (["hf:alice/Tiny"], ["SOTTO_OFFLINE": "1", "HF_ENDPOINT": nil], "not contacted in offline mode"),
            ]
            for (arguments, environment, text) in cases {
                let result = try pull(arguments, environment: environment)
                #expect(result.status == 1 && result.output.isEmpty, "\(arguments)")
                #expect(result.error.contains(text), "\(result.error)")
                #expect(result.error.count { $0 == "\n" } == 1 && !result.error.contains("hf_wrong"), "\(result.error)")
            }
            #expect(!FileManager.default.fileExists(atPath: path("").path))
        }
    }
}

/// `DownloadsTests/Server/serve.py` with a folder of its own, which is removed with this object.
private final class PullServer: Sendable {
    let address: String
    private let root = FileManager.default.temporaryDirectory.appending(path: "pull-\(UUID().uuidString)")
    private let server: PythonServer

    init() throws {
        try FileManager.default.createDirectory(at: root.appending(path: "hub"), withIntermediateDirectories: true)
        server = try PythonServer("DownloadsTests/Server/serve.py", [root.path])
        address = "http://127.0.0.1:\(server.port)"
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    func write(_ data: Data, to path: String) throws { try data.write(to: try place(path)) }

    func link(_ file: URL, to path: String) throws {
        try FileManager.default.createSymbolicLink(at: try place(path), withDestinationURL: file)
    }

    func behave(_ scenario: [String: Any]) throws {
        try JSONSerialization.data(withJSONObject: scenario).write(to: root.appending(path: "scenario.json"))
    }

    /// The parts that were asked for of a file, in order; nil for all of it.
    func ranges(of name: String) throws -> [String?] {
        let text = try String(contentsOf: root.appending(path: "log.jsonl"), encoding: .utf8)
        return try text.split(separator: "\n").compactMap { line in
            let entry = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            guard entry?["port"] as? String == "files", (entry?["path"] as? String)?.hasSuffix(name) == true else {
                return nil
            }
            return .some((entry?["headers"] as? [String: String])?["range"])
        }
    }

    private func place(_ path: String) throws -> URL {
        let file = root.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        return file
    }
}
