import Foundation
import TestSupport
import Testing

extension EndToEndTests {
    /// Conversations of the real program with services, played by the loopback server.
    @Suite struct ServiceTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        /// A provider, the variables that lead it to the server, and models that think and that do not.
        struct Peer: Sendable, CustomTestStringConvertible {
            let id: String
            let addressVariable: String
            let path: String
            let keyVariable: String?
            let thinkingModel: String
            var hasThinkingSwitch = true

            var testDescription: String { id }

            func environment(_ server: PeerServer) -> [String: String] {
                var variables = [addressVariable: server.address + path]
                if let keyVariable { variables[keyVariable] = PeerServer.key }
                return variables
            }

            static let all = [
                Peer(
                    id: "openai", addressVariable: "OPENAI_BASE_URL", path: "/openai/v1", keyVariable: "OPENAI_API_KEY",
                    thinkingModel: "gpt-5"),
                Peer(
                    id: "anthropic", addressVariable: "ANTHROPIC_BASE_URL", path: "/anthropic",
                    keyVariable: "ANTHROPIC_API_KEY", thinkingModel: "claude-haiku-4-5"),
                Peer(
                    id: "mistral", addressVariable: "MISTRAL_BASE_URL", path: "/mistral/v1",
                    keyVariable: "MISTRAL_API_KEY", thinkingModel: "magistral-medium-latest"),
                Peer(
                    id: "ollama", addressVariable: "OLLAMA_HOST", path: "/ollama", keyVariable: nil,
                    thinkingModel: "qwen3:4b"),
                Peer(
                    id: "lmstudio", addressVariable: "LMSTUDIO_BASE_URL", path: "/lmstudio",
                    keyVariable: "LM_API_TOKEN",
                    thinkingModel: "qwen/qwen3-4b-thinking", hasThinkingSwitch: false),
            ]
        }

        /// Two turns with thinking, one that is stopped, one that fails and is resumed, and a restart.
        @Test(arguments: Peer.all)
        func holdsAWholeConversation(peer: Peer) async throws {
            let server = try await PeerServer.started(chunks: "random")
            let environment = peer.environment(server)
            let model = "\(peer.id):\(peer.thinkingModel)"
            var terminal = try Terminal(fixture, arguments: ["--model", model], environment: environment)
            try await terminal.wait(for: "Write a message")
            if peer.hasThinkingSwitch {
                try terminal.send("/set think on")
                try await terminal.wait(for: "think is now on")
            }
            try terminal.send("scenario think")
            try await terminal.wait(for: "thought for")
            try await terminal.wait(for: "Because Grüße, 世界")
            // The server refuses this one if what belongs to the thinking does not come back.
            try terminal.send("scenario say Good")
            try await terminal.wait(for: "the second reply") { $0.contains("\n Good") }

            try terminal.send("scenario count 1000 20")
            try await terminal.wait(for: "1 2 3 4 5")
            try terminal.press("Escape")
            try await terminal.wait(for: "— stopped")

            try terminal.send("scenario cut")
            try await terminal.wait(for: "Enter or /continue")
            try terminal.press("Enter")
            try await fixture.stored { $0.messages.last?.content == "1 2 3 4 5 6 7 8 9 10" }
            try await terminal.wait(for: "the end of the reply") { !$0.contains("Esc stop") }
            try terminal.send("/quit")
            try await terminal.wait(for: "exit status 0")

            terminal = try Terminal(fixture, environment: environment)
            try await terminal.wait(for: "scenario cut")
            try terminal.send("scenario say Resumed")
            try await terminal.wait(for: "the reply after a restart") { $0.contains("\n Resumed") }
            try terminal.send("/quit")
            try await terminal.wait(for: "exit status 0")

            let replies = try fixture.messages().filter { $0.role == "assistant" }
            #expect(
                replies.map { $0.stats?.stop } == ["endOfTurn", "endOfTurn", "cancelled", "endOfTurn", "endOfTurn"])
            #expect(Set(replies.map { $0.model?.name }) == [peer.thinkingModel])
            #expect(Set(replies.map { $0.model?.provider }) == [peer.id])
            #expect(replies[3].content == "1 2 3 4 5 6 7 8 9 10")
            try expectNoKey()
        }

        @Test func aServiceIsChosenInF2AndLeftAgain() async throws {
            let server = try await PeerServer.started()
            try write(providers: server)
            let terminal = try Terminal(fixture)
            try await terminal.wait(for: "Write a message")
            try terminal.press("F2")
            try await terminal.wait(for: "smollm2")
            try terminal.type("rack smollm2")
            try await terminal.wait(for: "Models (1)")
            try terminal.press("Enter")
            try await terminal.wait(for: "Switched to smollm2")
            try terminal.send("scenario prefill 300")
            try await terminal.wait(for: "reading prompt")
            try await terminal.waitForReply()
            try terminal.send("/show template")
            try await terminal.wait(for: "Chat templates: not available from rack")
            try terminal.send("/model SmolLM2-135")
            try await terminal.wait(for: "the local model") { $0.prefix(100).contains("SmolLM2-135M") }
        }

        /// A server that accepts connections and never answers.
        @Test func aDeadServerDelaysNothing() async throws {
            let server = try LoopbackPort(listens: true)
            let terminal = try Terminal(fixture, environment: ["OLLAMA_HOST": "127.0.0.1:\(server.number)"])
            try await terminal.wait(for: "the local model") { $0.prefix(100).contains("SmolLM2-135M") }
            try terminal.press("F2")
            try await terminal.wait(for: "the models", seconds: 30) { $0.contains("gemma-3-270m") }
            try await terminal.escape(to: "the closed list") { !$0.contains("Models (") }
            try terminal.send("/set max_tokens 4")
            try terminal.send("Hello.")
            try await terminal.waitForReply()
            try terminal.send("/model ollama:qwen3:4b")
            try terminal.send("Are you there?")
            try await terminal.wait(for: "waiting for Ollama")
            try terminal.press("Escape")
            try await terminal.wait(for: "the end of waiting", seconds: 30) { !$0.contains("waiting for Ollama") }
            try terminal.send("/quit")
            try await terminal.wait(for: "exit status 0", seconds: 30) { $0.contains("exit status 0") }
        }

        @Test func plainModeTalksToServicesToo() async throws {
            let server = try await PeerServer.started(chunks: "random")
            try write(providers: server)
            let lines = ["/model rack:smollm2", "scenario say Plainly", "scenario cut", "", "/stats", "/quit"]
            let chat = try Command(
                Fixture.binary.path, ["--plain"], input: lines.joined(separator: "\n") + "\n",
                environment: ["SOTTO_HOME": fixture.home.path])
            #expect(chat.status == 0)
            #expect(chat.output.contains("smollm2: Plainly"))
            #expect(chat.output.contains("ended in the middle of the reply"))
            #expect(chat.output.contains("continues:"))
            try expectNoKey(in: [chat.output, chat.error])
        }

        @Test func theFirstMessageToAnotherComputerIsConfirmed() async throws {
            // Nothing answers there: only what the chat says counts.
            try write(providers: "http://192.168.255.254:9/v1")
            let terminal = try Terminal(fixture, environment: ["SOTTO_OFFLINE": "1"])
            try await terminal.wait(for: "Write a message")
            try terminal.send("/set max_tokens 4")
            try terminal.send("Hello.")
            try await terminal.waitForReply()
            try terminal.send("/model rack:big")
            try await terminal.wait(for: "→ 192.168.255.254:9")
            try terminal.send("Secret.")
            try await terminal.wait(for: "will be sent to 192.168.255.254:9 (rack)")
            try await Task.sleep(for: .milliseconds(600))
            try terminal.press("Enter")
            try await terminal.wait(for: "offline")
            #expect(try fixture.messages().filter { $0.content == "Secret." }.count == 1)
        }

        @Test func runPrintsTheReplyOrFails() async throws {
            let server = try await PeerServer.started()
            try write(providers: server)
            func run(_ arguments: String...) throws -> Command {
                try Command(
                    Fixture.binary.path, ["run"] + arguments, environment: ["SOTTO_HOME": fixture.home.path])
            }
            let reply = try run("--model", "rack:smollm2", "scenario say Yes")
            #expect(reply.status == 0 && reply.output == "Yes\n" && reply.error.isEmpty)
            let cut = try run("--model", "rack:smollm2", "scenario cut")
            #expect(cut.status == 1 && cut.output.hasPrefix("1 2 3") && cut.error.contains("ended in the middle"))
            let unknown = try Command(
                Fixture.binary.path, ["run", "--model", "openai:gpt-6", "hello"],
                environment: [
                    "SOTTO_HOME": fixture.home.path, "OPENAI_BASE_URL": server.address + "/openai/v1",
                    "OPENAI_API_KEY": PeerServer.key,
                ])
            #expect(unknown.status == 1 && unknown.error.contains("did you mean gpt-5"))
            let busy = try run("--model", "rack:smollm2", "scenario status 503 1 1")
            #expect(busy.status == 0 && busy.error.contains("next try in 1 s"))
            #expect(try run("--model", "rack:smollm2", "--raw", "x").error.contains("--raw"))
            let models = try Command(
                Fixture.binary.path, ["models", "rack"], environment: ["SOTTO_HOME": fixture.home.path])
            #expect(models.output.contains("rack:smollm2"))
            try expectNoKey(in: [reply, cut, unknown, busy, models].map { $0.output + $0.error })
        }

        // MARK: -

        private func write(providers server: PeerServer) throws {
            try write(providers: server.address + "/compatible/v1", key: PeerServer.key)
        }

        /// The key is printed by a command, so that it is in no file of the home folder.
        private func write(providers address: String, key: String? = nil) throws {
            var entry: [String: Any] = ["name": "rack", "type": "openai-compatible", "baseURL": address]
            if let key {
                let (start, end) = (key.prefix(5), key.dropFirst(5))
                entry["key"] = ["command": "printf '%s%s' '\(start)' '\(end)'"]
            }
            let data = try JSONSerialization.data(withJSONObject: ["providers": [entry]])
            let file = try fixture.file("providers.json", holding: data)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        }

        /// The key must be in no file, but for the script that sets the test's environment, and in no output.
        private func expectNoKey(in texts: [String] = []) throws {
            let entries = FileManager.default.enumerator(at: fixture.home, includingPropertiesForKeys: nil)
            for case let file as URL in entries ?? FileManager.DirectoryEnumerator()
            where file.lastPathComponent != "start.sh" && file.pathExtension != "gguf" {
                guard let data = try? Data(contentsOf: file) else { continue }
                #expect(data.range(of: Data(PeerServer.key.utf8)) == nil, "\(file.path)")
            }
            for text in texts { #expect(!text.contains(PeerServer.key)) }
        }
    }
}
