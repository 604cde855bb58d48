import Chat
import Foundation
import HTTP
import Replies
import Testing

@testable import Services

/// What goes wrong at services: one clear line says it, and what arrived is kept.
extension PeerTests {
    @Suite struct PeerFailureTests {
        /// A scenario of the server, and what has to be in the line about it.
        struct Case: Sendable, CustomTestStringConvertible {
            var scenario: String
            var line: String
            /// The reply so far.
            var text = ""
            var testDescription: String { scenario }
        }

        static let refusals = [
            Case(scenario: "status 401", line: "rejected the key"),
            Case(scenario: "status 403", line: "rejected the key"),
            Case(scenario: "status 413", line: "too long"),
            Case(scenario: "overflow", line: "too long"),
            Case(scenario: "status 418", line: "refused the request (418)"),
        ]
        static let breaks = [
            Case(scenario: "fail", line: "The server had an error", text: "So far so good"),
            Case(scenario: "cut", line: "ended in the middle of the reply", text: "1 2 3 4 5"),
            Case(scenario: "cut-event", line: "ended in the middle of the reply", text: "1 2 3 4 5"),
            Case(scenario: "cut-character", line: "ended in the middle of the reply", text: "1 2 3 4 5"),
            Case(scenario: "malformed", line: "sent an answer that cannot be read", text: "So far"),
            Case(scenario: "line", line: "an event of more than 8 MB", text: "So far"),
        ]

        @Test(arguments: Peer.all, refusals + breaks)
        func saysInOneLineWhatHappened(peer: Peer, failure: Case) async throws {
            let provider = try await TestServer.shared().provider(peer)
            let (log, error) = await provider.run([.user("scenario \(failure.scenario)")], model: peer.model)
            let line = try #require(error).description
            #expect(line.contains(failure.line), "\(line)")
            #expect(line.contains(peer.kind.title) || line.contains("127.0.0.1"), "\(line)")
            #expect(!line.contains("\n"))
            #expect(!line.contains(TestServer.key))
            #expect(log.text == failure.text)
            #expect(log.stats == nil)
        }

        /// The numbers of the conversation and the context, as the service names them.
        @Test func namesTheNumbersOfAnOverflow() async throws {
            let provider = try await TestServer.shared().provider(.anthropic)
            let (_, error) = await provider.run([.user("scenario overflow")], model: Peer.anthropic.model)
            #expect(error?.description.contains("210000 tokens > 200000") == true)
        }

        @Test func leavesAProxysPageOutOfTheLine() async throws {
            let server = try await TestServer.started()
            let provider = try server.provider(.mistral)
            let cancellation = Cancellation()
            let (log, _) = await provider.run(
                [.user("scenario page")], model: Peer.mistral.model, cancellation: cancellation
            ) { event in
                if case .retrying = event { cancellation.cancel() }
            }
            let reason = try #require(log.retries.first?.reason)
            #expect(reason.contains("502"))
            #expect(!reason.contains("<"))
        }

        /// A stream without an end stops at the limit, and the server notices.
        @Test func stopsAFloodWhenTheUserDoes() async throws {
            let server = try await TestServer.started()
            let cancellation = Cancellation()
            let (log, error) = try await server.provider(.compatible).run(
                [.user("scenario flood")], model: Peer.compatible.model, cancellation: cancellation
            ) { event in
                if case .chunk(let chunk) = event, chunk.text.count > 1000 { cancellation.cancel() }
            }
            #expect(error == nil)
            #expect(log.stats?.stop == .cancelled)
            #expect(log.text.utf8.count < 10_000_000)
            #expect(try await server.lastOutcome() == "hung up")
        }

        @Test(arguments: Peer.all)
        func namesTheServerThatDoesNotListen(peer: Peer) async throws {
            // Nothing listens on the port of a server that has ended.
            let service = Service(
                id: peer.kind.rawValue, kind: peer.kind, baseURL: "http://127.0.0.1:9" + peer.path)
            let provider = ServiceProvider(
                service, client: HTTPClient(HTTPClient.Options()), keys: KeyRing(environment: [:]))
            let (_, error) = await provider.run([.user("Hello")], model: peer.model)
            #expect(error == .transport(.refused(host: "127.0.0.1:9"), service: peer.kind.title))
        }

        /// Who has no key, or a wrong one, reads where to set it.
        @Test(arguments: [Peer.openai, .anthropic, .mistral])
        func namesTheVariableOfTheKey(peer: Peer) async throws {
            let server = try await TestServer.shared()
            let variable = try #require(peer.kind.traits.key.variable)
            let service = Service(
                id: peer.kind.rawValue, kind: peer.kind, baseURL: server.address + peer.path,
                key: .environment(variable))
            for environment in [[:], [variable: "sk-wrong-key"]] {
                let provider = ServiceProvider(
                    service, client: HTTPClient(HTTPClient.Options()), keys: KeyRing(environment: environment))
                let (_, error) = await provider.run([.user("Hello")], model: peer.model)
                let line = try #require(error).description
                #expect(line.contains(variable))
                #expect(!line.contains("sk-wrong-key"))
            }
        }

        /// An error in the middle of a stream may repeat the key, too.
        @Test(arguments: Peer.all)
        func hidesTheKeyInAStreamsError(peer: Peer) async throws {
            let provider = try await TestServer.shared().provider(peer)
            let question = Message.user("scenario fail The key \(TestServer.key) is over its limit")
            let (log, error) = await provider.run([question], model: peer.model)
            #expect(log.text == "So far so good")
            let line = try #require(error).description
            #expect(line.contains("The key ••• is over its limit"), "\(line)")
        }

        /// A redirect must not take the conversation and the key elsewhere.
        @Test(arguments: Peer.all)
        func followsNoRedirectToAnotherHost(peer: Peer) async throws {
            let server = try await TestServer.started()
            let (_, error) = try await server.provider(peer).run([.user("scenario redirect")], model: peer.model)
            guard case .transport(.redirected, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try await server.log().allSatisfy { !$0.path.contains("elsewhere") })
        }

        /// A slow model is not a dead one.
        @Test(arguments: ["quiet 1500", "silent 1500", "stall 1500"])
        func waitsForASlowModel(scenario: String) async throws {
            let provider = try await TestServer.shared().provider(.compatible)
            let (log, error) = await provider.run([.user("scenario \(scenario)")], model: Peer.compatible.model)
            #expect(error == nil)
            #expect(!log.text.isEmpty)
            #expect(log.stats?.stop == .endOfTurn)
        }

        /// Esc stops a reply that has not begun, and one that hangs in the middle.
        @Test(.timeLimit(.minutes(5)), arguments: Peer.all, ["quiet 600000", "silent 600000", "stall 600000"])
        func stopsWhileTheServiceIsSilent(peer: Peer, scenario: String) async throws {
            let provider = try await TestServer.shared().provider(peer)
            let cancellation = Cancellation()
            Task {
                try? await Task.sleep(for: .milliseconds(300))
                cancellation.cancel()
            }
            let (log, error) = await provider.run(
                [.user("scenario \(scenario)")], model: peer.model, cancellation: cancellation)
            #expect(error == nil)
            #expect(log.stats?.stop == .cancelled)
        }
    }
}
