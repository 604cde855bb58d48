import Chat
import Foundation
import HTTP
import JSON
import Replies
import Testing

@testable import Services

/// What only some services report: probabilities, progress, loading.
extension PeerTests {
    @Suite struct PeerDetailTests {
        @Test(arguments: [Peer.openai, .ollama, .compatible])
        func showsTheProbabilitiesOfTokens(peer: Peer) async throws {
            let provider = try await TestServer.shared().provider(peer)
            let (log, error) = await provider.run([.user("scenario tokens")], model: peer.model)
            #expect(error == nil)
            #expect(log.text == "Hello 👋!")
            let tokens = log.chunks.compactMap(\.details)
            #expect(ReplyToken.text(of: tokens) == "Hello 👋!")
            let first = try #require(tokens.first)
            #expect(abs(first.chosen.before - 0.5) < 1e-5)
            #expect(first.alternatives.count > 1)
        }

        @Test func showsHowThePromptIsRead() async throws {
            let provider = try await TestServer.shared().provider(.compatible)
            let (log, error) = await provider.run(
                [.user("Hello there"), .assistant("Hello"), .user("scenario prefill 10")], model: Peer.compatible.model)
            #expect(error == nil)
            let progress = log.events.compactMap { event -> [Int]? in
                if case .prefill(let done, let total, let cached) = event { [done, total, cached] } else { nil }
            }
            #expect(progress.count >= 5)
            #expect(progress.map { $0[0] } == progress.map { $0[0] }.sorted())
            #expect(progress.last.map { $0[0] == $0[1] } == true)
            #expect(log.stats?.cachedTokens ?? 0 > 0)
            #expect(log.stats?.tokensPerSecond == 250)
        }

        @Test func loadsAModelInLMStudioOnlyOnce() async throws {
            let server = try await TestServer.started()
            let provider = try server.provider(.lmstudio)
            for _ in 0..<2 {
                let (_, error) = await provider.run([.user("scenario say Hello")], model: Peer.lmstudio.model)
                #expect(error == nil)
            }
            let loads = try await server.log().filter { $0.path.hasSuffix("/models/load") }
            #expect(loads.count == 1)
            // This one was loaded before.
            _ = await provider.run([.user("scenario say Hello")], model: Peer.lmstudio.thinkingModel)
            #expect(try await server.log().filter { $0.path.hasSuffix("/models/load") }.count == 1)
        }

        @Test func asksOllamaToRefuseRatherThanToCut() async throws {
            let server = try await TestServer.started()
            let (log, error) = try await server.provider(.ollama).run(
                [.user("scenario load 300")], model: Peer.ollama.model)
            #expect(error == nil)
            #expect(log.events.contains { if case .loading = $0 { true } else { false } })
            let request = try #require(try await server.replyRequests().last)
            #expect(request.body["truncate"]?.bool == false)
        }

        @Test func sendsAnthropicsHeaders() async throws {
            let server = try await TestServer.started()
            _ = try await server.provider(.anthropic).run([.user("Hello")], model: Peer.anthropic.model)
            let request = try #require(try await server.replyRequests().last)
            #expect(request.headers.contains { $0.name == "anthropic-version" })
            #expect(request.headers.contains { $0.name == "x-api-key" && $0.value == TestServer.key })
            #expect(request.body["max_tokens"]?.integer ?? 0 > 0)
        }

        @Test func keepsNothingAtOpenAI() async throws {
            let server = try await TestServer.started()
            _ = try await server.provider(.openai).run([.user("Hello")], model: Peer.openai.thinkingModel)
            let request = try #require(try await server.replyRequests().last)
            #expect(request.path.hasSuffix("/responses"))
            #expect(request.body["store"]?.bool == false)
        }

        @Test func usesTLSWithTheUsersCertificate() async throws {
            let certificate = URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "../Server/localhost.pem")
            let server = try await TestServer.started(chunks: "random", certificate: certificate)
            let trusting = HTTPClient(HTTPClient.Options(certificateFile: certificate.path))
            let (log, error) = try await server.provider(.openai, client: trusting).run(
                [.user("scenario count")], model: Peer.openai.model)
            #expect(error == nil)
            #expect(log.text == "1 2 3 4 5 6 7 8 9 10")
            let (_, refusal) = try await server.provider(.openai).run([.user("Hello")], model: Peer.openai.model)
            guard case .transport(.tls, _) = refusal else {
                Issue.record("\(String(describing: refusal))")
                return
            }
        }
    }
}
