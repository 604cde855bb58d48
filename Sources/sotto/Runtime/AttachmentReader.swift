import Chat
import ChatApp
import Foundation
import Providers
import Sessions

/// Reads a text file that is to go with a message, and says why where it cannot.
struct AttachmentReader {
    let provider: LocalProvider

    /// No window holds more text than this.
    private static let byteLimit = 16 << 20
    /// Bytes that one token stands for at most, over a whole text.
    private static let bytesPerToken = 16

    func read(_ request: FileRequest) async -> FileReading {
        var reading = await read(request.path, request)
        // "Look at @notes.md, please": the comma belongs to the sentence.
        var path = request.path
        while request.isMention, case .noFile = reading, let last = path.last, ".,;:!?)]}'\"".contains(last) {
            path.removeLast()
            reading = await read(path, request)
        }
        return reading
    }

    private func read(_ text: String, _ request: FileRequest) async -> FileReading {
        let path = PersonsPath(text)
        let name = path.name
        var status = stat()
        guard !text.isEmpty, stat(path.absolute, &status) == 0 else {
            return errno == EACCES ? .refused("\(text) may not be read") : .noFile("there is no file \(text)")
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: return .noFile("\(text) is a folder; a text file can be attached")
        default: return .refused("\(text) is no ordinary file; a text file can be attached")
        }
        let size = Int(status.st_size)
        guard size <= Self.byteLimit else {
            return .refused("\(name) has \(size / 1_000_000) MB: no model's context holds that")
        }
        guard let bytes = try? FileAccess.read(path.absolute) else { return .refused("\(text) may not be read") }
        guard !bytes.contains(0), let content = String(validating: bytes.withoutMark, as: UTF8.self) else {
            return .refused("\(name) is not text (UTF-8), so no model could read it")
        }
        return await count(Attachment(name: name, content: content), request)
    }

    private func count(_ file: Attachment, _ request: FileRequest) async -> FileReading {
        var file = file
        guard let model = request.model,
            let (_, limit) = try? await provider.tokenCount(of: "", for: model, contextLength: request.contextLength)
        else { return .text(file) }
        // What cannot fit in any case need not be counted.
        guard file.byteCount / Self.bytesPerToken < limit else {
            return .refused("\(file.name) has \(file.byteCount / 1000) kB; the model's context holds \(limit) tokens")
        }
        let count = try? await provider.tokenCount(
            of: file.promptText, for: model, contextLength: request.contextLength)
        file.tokens = count?.tokens
        if let tokens = file.tokens, tokens >= limit {
            return .refused("\(file.name) has \(tokens) tokens; the model's context holds \(limit)")
        }
        return .text(file)
    }
}

extension [UInt8] {
    /// Without the mark that some programs put before UTF-8 text.
    fileprivate var withoutMark: ArraySlice<UInt8> { starts(with: [0xEF, 0xBB, 0xBF]) ? dropFirst(3) : self[...] }
}
