import Chat
import Foundation
import Replies
import Testing

@testable import Services

/// Conversations with the loopback server, from the first message to the last, over every protocol.
extension PeerTests {
    @Suite struct PeerConversationTests {
        private let thought = "The user asks something — “why?” is the question. Let me see: naïve, 思考, 🤔."
        private let answer = "Because Grüße, 世界 and 👋🏽 are text like any other."
        private let count = "1 2 3 4 5 6 7 8 9 10"

        private var thinking: GenerationSettings {
            var settings = GenerationSettings()
            settings.thinking = .on
            return settings
        }

        /// Two turns with thinking, one that is stopped, one that fails, and one after that.
        @Test(arguments: Peer.all, ["0", "random"])
        func holdsAWholeConversation(peer: Peer, chunks: String) async throws {
            let server = try await TestServer.started(chunks: chunks)
            let provider = try server.provider(peer)
            func run(_ messages: [Message], stopsAt end: String? = nil) async -> (ReplyLog, ServiceError?) {
                let cancellation = Cancellation()
                return await provider.run(
                    messages, model: peer.thinkingModel, settings: thinking, cancellation: cancellation
                ) { event in
                    if case .chunk(let chunk) = event, let end, chunk.text.contains(end) { cancellation.cancel() }
                }
            }

            var messages = [Message.user("scenario think")]
            let (first, firstError) = await run(messages)
            #expect(firstError == nil)
            #expect(first.reasoning == thought)
            #expect(first.text == answer)
            #expect(first.stats?.stop == .endOfTurn)
            #expect(first.stats?.promptTokens ?? 0 > 0)
            #expect(first.stats?.generatedTokens ?? 0 > 10)
            #expect((first.state != nil) || !peer.hasState)

            // The server refuses this one if what belongs to the thinking does not come back.
            messages += [.assistant(first), .user("scenario say Good")]
            let (second, secondError) = await run(messages)
            #expect(secondError == nil)
            #expect(second.text == "Good")

            messages += [.assistant(second), .user("scenario count 1000 20")]
            let (stopped, stopError) = await run(messages, stopsAt: "3")
            #expect(stopError == nil)
            #expect(stopped.stats?.stop == .cancelled)
            #expect(stopped.text.hasPrefix("1 2 3"))
            #expect(try await server.lastOutcome() == "hung up")

            messages += [.assistant(stopped), .user("scenario fail")]
            let (failed, failure) = await run(messages)
            #expect(failed.text == "So far so good")
            #expect(failure != nil)

            messages += [.assistant(failed), .user("scenario count")]
            let (last, lastError) = await run(messages)
            #expect(lastError == nil)
            #expect(last.text == count)
        }

        /// A reply that was cut is continued where it ends, also by services that have to be asked for that in words.
        @Test(arguments: Peer.all)
        func continuesAReplyThatWasCut(peer: Peer) async throws {
            let provider = try await TestServer.shared().provider(peer)
            let question = Message.user("scenario cut \(UUID())")
            let (cut, error) = await provider.run([question], model: peer.model)
            #expect(cut.text == "1 2 3 4 5")
            #expect(error?.description.contains("The connection to") == true)

            let (rest, restError) = await provider.run([question, .assistant(cut)], model: peer.model)
            #expect(restError == nil)
            #expect(cut.text + rest.text == count)
        }

        /// Why a reply ended, where the service can say so.
        @Test(arguments: Peer.all)
        func saysWhyAReplyEnded(peer: Peer) async throws {
            let provider = try await TestServer.shared().provider(peer)
            func stop(_ scenario: String, _ change: (inout GenerationSettings) -> Void = { _ in }) async -> StopReason?
            {
                var settings = GenerationSettings()
                change(&settings)
                let (log, error) = await provider.run(
                    [.user("scenario \(scenario)")], model: peer.model, settings: settings)
                #expect(error == nil, "\(scenario)")
                return log.stats?.stop
            }
            #expect(await stop("count") == .endOfTurn)
            #expect(await stop("count 40") { $0.maxTokens = 20 } == .tokenLimit)
            switch peer.kind {
            case .openai:
                #expect(await stop("refuse") == .refused)
                #expect(await stop("filter") == .refused)
            case .anthropic:
                #expect(await stop("refuse") == .refused)
                #expect(await stop("pause") == .paused)
                #expect(await stop("context") == .contextFull)
                #expect(await stop("count") { $0.stop = ["5"] } == .stopText)
            case .mistral: #expect(await stop("context") == .contextFull)
            default: break
            }
        }

        @Test(arguments: Peer.all)
        func endsAtAStopText(peer: Peer) async throws {
            let provider = try await TestServer.shared().provider(peer)
            var settings = GenerationSettings()
            settings.stop = ["5"]
            let (log, error) = await provider.run([.user("scenario count")], model: peer.model, settings: settings)
            #expect(error == nil)
            #expect(log.text == "1 2 3 4 ")
        }

        @Test(arguments: Peer.all)
        func listsModels(peer: Peer) async throws {
            let provider = try await TestServer.shared().provider(peer)
            let models = try await provider.models()
            let names = models.map(\.reference.name)
            #expect(names.contains(peer.model))
            #expect(names.contains(peer.thinkingModel))
            #expect(names.allSatisfy { !$0.contains("embed") && !$0.contains("whisper") && !$0.contains("moderation") })
            #expect(models.allSatisfy { $0.reference.provider == peer.kind.rawValue })
            // Those whose lists name it.
            if [.mistral, .lmstudio, .anthropic].contains(peer.kind) {
                #expect(models.allSatisfy { ($0.contextLength ?? 0) > 0 })
            }
        }

        @Test(arguments: Peer.all)
        func namesTheNearestModels(peer: Peer) async throws {
            // A server with one model takes every name.
            guard peer.kind != .compatible else { return }
            let provider = try await TestServer.shared().provider(peer)
            let wrong = peer.model.replacing("a", with: "e", maxReplacements: 1).replacing("gpt", with: "gtp")
            let (_, error) = await provider.run([.user("Hello")], model: wrong)
            guard case .unknownModel(wrong, _, let near) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(near.contains(peer.model))
        }
    }
}
