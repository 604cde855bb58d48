import Chat
import ChatApp
import Files
import Foundation
import Providers
import Sessions
import UTF8Text

/// Reads a text file to attach to a message, or says why it cannot be attached.
struct AttachmentReader: Sendable {
    let registry: ProviderRegistry

    /// No context holds more text than this.
    private static let byteLimit = 16 << 20
    /// The most bytes that one token stands for, on average over a text.
    private static let bytesPerToken = 16

    func read(_ request: FileRequest) async -> FileReading {
        let reading = await DiskQueue.read { Self.find(request) }
        guard case .text(let file) = reading else { return reading }
        return await count(file, request)
    }

    private static func find(_ request: FileRequest) -> FileReading {
        var reading = read(request.path)
        // "Look at @notes.md, please": the comma belongs to the sentence.
        var path = request.path
        while request.isMention, case .noFile = reading, let last = path.last, ".,;:!?)]}'\"".contains(last) {
            path.removeLast()
            reading = read(path)
        }
        return reading
    }

    private static func read(_ text: String) -> FileReading {
        let path = UserPath(text)
        let name = path.name
        var status = stat()
        guard !text.isEmpty, stat(path.absolute, &status) == 0 else {
            return errno == EACCES ? .refused("No permission to read \(text)") : .noFile("There is no file \(text)")
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: return .noFile("\(text) is a folder; only text files can be attached")
        default: return .refused("\(text) is not a regular file; only text files can be attached")
        }
        let size = Int(status.st_size)
        guard size <= byteLimit else {
            return .refused("\(name) is too large (\(size / 1_000_000) MB)")
        }
        guard let bytes = try? FileAccess.read(path.absolute) else { return .refused("No permission to read \(text)") }
        do throws(TextDecoding.Failure) {
            return .text(Attachment(name: name, content: try TextDecoding.text(bytes)))
        } catch {
            return .refused("\(name) \(error.reason)")
        }
    }

    private func count(_ file: Attachment, _ request: FileRequest) async -> FileReading {
        var file = file
        guard let model = request.model, let provider = try? registry.provider(of: model) as? any TokenCounting,
            let (_, limit) = try? await provider.tokenCount(of: "", for: model, contextLength: request.contextLength)
        else { return .text(file) }
        let context = "the context holds \(limit) tokens"
        // A text that certainly does not fit need not be counted.
        guard file.byteCount / Self.bytesPerToken < limit else {
            return .refused("\(file.name) is too large (\(file.byteCount / 1000) kB; \(context))")
        }
        let count = try? await provider.tokenCount(
            of: file.promptText, for: model, contextLength: request.contextLength)
        file.tokens = count?.tokens
        if let tokens = file.tokens, tokens >= limit {
            return .refused("\(file.name) is too large (\(tokens) tokens; \(context))")
        }
        return .text(file)
    }
}
