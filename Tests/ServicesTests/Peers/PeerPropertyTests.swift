import Chat
import Foundation
import HTTP
import JSON
import Replies
import TestSupport
import Testing

@testable import Services

/// Random conversations reach every service with the same roles, order and text, and the key goes nowhere else.
extension PeerTests {
    @Suite struct PeerPropertyTests {
        /// A conversation of the user and the model, with odd characters and attached files, that ends with the user.
        private func conversation(_ generator: inout SeededGenerator) -> [Message] {
            var messages: [Message] = []
            for index in 0..<(1 + 2 * Int.random(in: 0...4, using: &generator)) {
                // Services refuse messages without text.
                let text = "a" + generator.text(length: Int.random(in: 0...60, using: &generator)) + "z"
                var message: Message = index.isMultiple(of: 2) ? .user(text) : .assistant(text)
                if index.isMultiple(of: 2), Bool.random(using: &generator) {
                    message.attachments = [Attachment(name: "notes.txt", content: generator.text(length: 20))]
                }
                messages.append(message)
            }
            return messages
        }

        /// What the server received, which its reply says.
        private func received(_ text: String) throws -> (system: String?, turns: [(role: String, text: String)]) {
            let echo = try #require(try JSONReader.read(text).object)
            let turns = try #require(echo["messages"]?.array).map { turn in
                (turn.object?["role"]?.string ?? "", turn.object?["text"]?.string ?? "")
            }
            return (echo["system"]?.string, turns)
        }

        @Test(arguments: Peer.all + [.openaiChat])
        func keepsRolesOrderAndText(peer: Peer) async throws {
            let provider = try await TestServer.shared().provider(peer)
            var generator = SeededGenerator(seed: 14)
            for _ in 0..<20 {
                let messages = conversation(&generator)
                let system = Bool.random(using: &generator) ? "s" + generator.text(length: 20) : nil
                let (log, error) = await provider.run(messages, model: peer.model, system: system)
                #expect(error == nil)
                let found = try received(log.text)
                #expect(found.turns.map(\.role) == messages.map(\.role.rawValue))
                // As scalars: Swift compares strings by what they look like.
                #expect(
                    found.turns.map { Array($0.text.unicodeScalars) }
                        == messages.map { Array($0.promptText.unicodeScalars) })
                #expect(found.system.map { Array($0.unicodeScalars) } == system.map { Array($0.unicodeScalars) })
            }
        }

        /// Neighbours with the same role, which a chat has after a stopped reply, keep their texts and their order.
        @Test(arguments: Peer.all + [.openaiChat])
        func keepsNeighboursWithTheSameRole(peer: Peer) async throws {
            let provider = try await TestServer.shared().provider(peer)
            let messages: [Message] = [.user("one"), .user("two"), .assistant("three"), .assistant(""), .user("four")]
            let (log, error) = await provider.run(messages, model: peer.model)
            #expect(error == nil)
            let turns = try received(log.text).turns
            #expect(turns.first?.role == "user" && turns.last?.role == "user")
            let texts = turns.map(\.text).joined(separator: " ").split { $0.isWhitespace }
            #expect(texts == ["one", "two", "three", "four"])
        }

        /// The key is in one header, at its own host, and in nothing that the program could show or write.
        @Test(arguments: Peer.all)
        func showsTheKeyToNobodyElse(peer: Peer) async throws {
            let server = try await TestServer.started()
            let provider = try server.provider(peer)
            var shown = "\(provider.service) \(String(reflecting: provider.service)) \(provider.profile)"
            dump(provider.service, to: &shown)
            for scenario in [
                "count", "leak", "fail", "cut", "overflow", "status 403", "status 503 1 0.1", "malformed", "redirect",
            ] {
                let (log, error) = await provider.run([.user("scenario \(scenario)")], model: peer.model)
                shown += "\(log.events) \(String(reflecting: log.events)) "
                if let error { shown += "\(error) \(String(reflecting: error)) " }
            }
            shown += "\(try await provider.models())"
            let (_, error) = try await server.provider(peer, key: "sk-wrong-4f1c9e7ab2").run(
                [.user("Hi")], model: peer.model)
            shown += "\(String(describing: error)) \(String(reflecting: error))"
            #expect(!shown.contains(TestServer.key))
            #expect(!shown.contains("sk-wrong"))

            for request in try await server.log() where request.path != "/log" {
                #expect(!request.text.contains(TestServer.key))
                let holders = request.headers.filter { $0.value.contains("4f1c9e7ab2") }.map(\.name)
                #expect(holders == [peer.kind == .anthropic ? "x-api-key" : "authorization"])
                #expect(request.headers.contains { $0.name == "host" && $0.value.hasPrefix("127.0.0.1") })
            }
        }
    }
}
