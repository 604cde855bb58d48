import Chat
import ChatApp
import Files
import Foundation
import Providers

/// Answers questions about the draft: its length, the files that it names. At a low priority, so that the interface and
/// the engine come first.
struct ComposerEffects: Sendable {
    let provider: LocalProvider
    let mailbox: Mailbox

    func count(_ question: DraftQuestion) {
        Task.detached(priority: .utility) {
            mailbox.post(.draftCounted(number: question.number, try? await answer(question)))
        }
    }

    private func answer(_ question: DraftQuestion) async throws -> DraftCount? {
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

    func readFile(_ request: FileRequest) {
        Task.detached(priority: .utility) {
            mailbox.post(.fileRead(request, await AttachmentReader(provider: provider).read(request)))
        }
    }

    func listFolder(_ request: FolderRequest) {
        Task.detached(priority: .utility) {
            mailbox.post(.folderListed(request, await DiskQueue.read { FolderListing.entries(request) }))
        }
    }
}
