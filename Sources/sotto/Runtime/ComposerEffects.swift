import Chat
import ChatApp
import Files
import Foundation
import Providers

/// Answers questions about the draft: its length, the files that it names. At a low priority, so that the interface and
/// the engine come first.
struct ComposerEffects: Sendable {
    let registry: ProviderRegistry
    let mailbox: Mailbox

    func count(_ question: DraftQuestion) {
        Task.detached(priority: .utility) {
            mailbox.post(.draftCounted(number: question.number, try? await answer(question)))
        }
    }

    func measure(_ question: ContextQuestion) {
        Task.detached(priority: .utility) {
            mailbox.post(.contextMeasured(number: question.number, try? await answer(question)))
        }
    }

    private func answer(_ question: ContextQuestion) async throws -> ContextUse? {
        guard let provider = try registry.provider(of: question.model) as? any Describing else { return nil }
        let (tokens, limit) = try await provider.promptLength(
            of: question.model, system: question.system, messages: question.messages, settings: question.settings)
        return ContextUse(used: tokens, limit: limit)
    }

    private func answer(_ question: DraftQuestion) async throws -> DraftCount? {
        guard let provider = try registry.provider(of: question.model) as? any TokenCounting else {
            return estimate(question)
        }
        let (tokens, limit) = try await provider.tokenCount(
            of: question.text.text, for: question.model, contextLength: question.contextLength)
        guard let tokens else { return nil }
        var conversation: Int?
        if let asked = question.conversation {
            conversation = try await provider.tokenCount(
                of: asked.messages, system: asked.system, for: question.model, contextLength: question.contextLength)
        }
        return DraftCount(text: tokens, conversation: conversation, limit: limit)
    }

    /// For services, which count only when they reply.
    private func estimate(_ question: DraftQuestion) -> DraftCount {
        let bytes = question.text.text.utf8.count
        return DraftCount(
            text: TokenEstimate.tokens(bytes: bytes),
            conversation: question.conversation.map { TokenEstimate.tokens(of: $0.messages, system: $0.system) },
            limit: nil, isEstimate: true)
    }

    func readFile(_ request: FileRequest) {
        Task.detached(priority: .utility) {
            mailbox.post(.fileRead(request, await AttachmentReader(registry: registry).read(request)))
        }
    }

    func listFolder(_ request: FolderRequest) {
        Task.detached(priority: .utility) {
            mailbox.post(.folderListed(request, await DiskQueue.read { FolderListing.entries(request) }))
        }
    }
}
