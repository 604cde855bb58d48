import Chat
import Foundation
import Replies
import Testing

@testable import Services

/// Services that are busy: the request is repeated, visibly, until it succeeds or the user stops it.
extension PeerTests {
    @Suite struct PeerRetryTests {
        @Test(arguments: Peer.all, [429, 500, 503, 529])
        func triesAgainWhenAServiceIsBusy(peer: Peer, status: Int) async throws {
            let server = try await TestServer.started()
            let (log, error) = try await server.provider(peer).run(
                [.user("scenario status \(status) 2 0.2")], model: peer.model)
            #expect(error == nil)
            #expect(log.stats?.stop == .endOfTurn)
            #expect(log.retries.map(\.seconds) == [0.2, 0.2])
            #expect(log.retries.allSatisfy { $0.reason.contains("\(peer.kind.title) is busy (\(status))") })
            #expect(try await server.replyRequests().count == 3)
        }

        @Test func understandsADateToTryAgain() async throws {
            let server = try await TestServer.started()
            let (log, error) = try await server.provider(.anthropic).run(
                [.user("scenario status 429 1 date")], model: Peer.anthropic.model)
            #expect(error == nil)
            // The date is two seconds after the answer, in whole seconds.
            let seconds = try #require(log.retries.first?.seconds)
            #expect((0.9...2.1).contains(seconds))
        }

        @Test func givesUpAfterSixTries() async throws {
            let server = try await TestServer.started()
            let (log, error) = try await server.provider(.openai).run(
                [.user("scenario status 503 0 0.1")], model: Peer.openai.model)
            guard case .busy(_, 503, _, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(log.retries.count == 5)
            #expect(try await server.replyRequests().count == 6)
        }

        @Test func doesNotWaitForHours() async throws {
            let server = try await TestServer.started()
            let (log, error) = try await server.provider(.mistral).run(
                [.user("scenario status 429 1 7200")], model: Peer.mistral.model)
            #expect(log.retries.isEmpty)
            guard case .busy = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }

        /// Without a hint of the service it waits for about a second before the second try.
        @Test(arguments: Peer.all)
        func stopsWaitingAtOnce(peer: Peer) async throws {
            let server = try await TestServer.started()
            let cancellation = Cancellation()
            let (log, error) = try await server.provider(peer).run(
                [.user("scenario status 503 0 100")], model: peer.model, cancellation: cancellation
            ) { event in
                if case .retrying = event { cancellation.cancel() }
            }
            #expect(error == nil)
            #expect(log.stats?.stop == .cancelled)
            #expect(log.retries.map(\.seconds) == [100])
            #expect(try await server.replyRequests().count == 1)
        }

        /// A model that does not take a parameter gets the same request without it.
        @Test func leavesOutWhatAModelDoesNotTake() async throws {
            let server = try await TestServer.started()
            var settings = GenerationSettings()
            settings.sampling.temperature = 0.3
            let (log, error) = try await server.provider(.openai).run(
                [.user("scenario parameter temperature")], model: Peer.openai.model, settings: settings)
            #expect(error == nil)
            #expect(log.notices.contains { $0.contains("temperature") })
            let requests = try await server.replyRequests()
            #expect(requests.map { $0.body["temperature"] != nil } == [true, false])
        }

        /// A server that is still loading its model is asked again.
        @Test func waitsForAServerThatLoads() async throws {
            let (log, error) = try await TestServer.started().provider(.compatible).run(
                [.user("scenario load 100")], model: Peer.compatible.model)
            #expect(error == nil)
            #expect(log.stats?.stop == .endOfTurn)
            #expect(
                log.events.contains { event in
                    switch event {
                    case .retrying, .loading: true
                    default: false
                    }
                })
        }
    }
}
