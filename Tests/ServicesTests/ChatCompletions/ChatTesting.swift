import Chat
import Foundation
import JSON
import Replies
import Testing

@testable import Services

/// Reads recorded streams with a wire's reader, in pieces of any size.
enum EventRecording {
    static let pieces = [1, 7, 1000]

    /// - Parameter name: below `Golden`, such as "openai/chat.sse".
    static func parts(_ name: String, _ reader: any ReplyReader, piece: Int) throws -> [ReplyPart] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let bytes = try Data(contentsOf: folder.appending(path: "Golden/\(name)"))
        return try parts(Array(bytes), reader, piece: piece)
    }

    static func parts(_ bytes: [UInt8], _ reader: any ReplyReader, piece: Int = 1000) throws -> [ReplyPart] {
        var reader = reader
        var stream = EventStream(.events)
        var parts: [ReplyPart] = []
        var isDone = false
        var rest = bytes[...]
        while !rest.isEmpty {
            for event in try stream.push(Array(rest.prefix(piece))) {
                let text = String(decoding: event.data, as: UTF8.self)
                if text == "[DONE]" {
                    isDone = true
                } else {
                    parts += try reader.read(name: event.name, JSONReader.read(text))
                }
            }
            rest = rest.dropFirst(piece)
        }
        return parts + (try reader.finish(isDone: isDone))
    }

    /// Each text is the data of an event.
    static func parts(_ events: [String], _ reader: any ReplyReader, isDone: Bool = true) throws -> [ReplyPart] {
        let text = events.map { "data: \($0)\n\n" }.joined() + (isDone ? "data: [DONE]\n\n" : "")
        return try parts(Array(text.utf8), reader)
    }
}

/// Requests for tests.
extension ReplyRequest {
    init(
        _ model: String, _ texts: (Message.Role, String)..., system: String? = nil,
        _ change: (inout GenerationSettings) -> Void = { _ in }
    ) {
        var settings = GenerationSettings()
        change(&settings)
        let messages = texts.enumerated().map { index, entry in
            Message(
                id: Message.ID(rawValue: "m\(index)"), parent: nil, role: entry.0,
                created: Date(timeIntervalSince1970: 0),
                content: entry.1)
        }
        self.init(
            model: ModelReference(provider: "p", name: model), system: system, messages: messages,
            settings: LiveSettings(settings))
    }
}

extension WireProtocol {
    /// The body of a call, and that it goes to this path.
    func body(
        _ request: ReplyRequest, path: String = "/chat/completions", without refused: Set<String> = []
    ) throws -> JSONObject {
        let call = try call(for: request, provider: "p", contextLength: nil, without: refused)
        #expect(call.path == path)
        #expect(call.framing == .events)
        return try #require(call.body.object)
    }
}

func json(_ text: String) throws -> JSONValue { try JSONReader.read(text) }
