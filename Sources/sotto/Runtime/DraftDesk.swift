import Chat
import ChatApp
import Foundation
import Providers

/// Answers questions about what is being written: how long it is, what the files in it are. Away from the chat's thread
/// and from the engine's, at a priority that leaves the machine to them.
struct DraftDesk: Sendable {
    let provider: LocalProvider
    let mailbox: Mailbox

    func count(_ question: DraftQuestion) {
        work {
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

    func read(_ request: FileRequest) {
        work { mailbox.post(.fileRead(request, await AttachmentReader(provider: provider).read(request))) }
    }

    func list(_ request: FolderRequest) {
        work { mailbox.post(.folderListed(request, FolderListing.entries(request))) }
    }

    private func work(_ body: @escaping @Sendable () async -> Void) {
        Task.detached(priority: .utility, operation: body)
    }
}
