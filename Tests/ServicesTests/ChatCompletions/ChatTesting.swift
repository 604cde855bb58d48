import Chat
import Foundation
import JSON
import Replies
import Testing

@testable import Services

/// Streams of events whose readers are expected to succeed, or to throw.
enum EventRecording {
    static let pieces = [1, 7, 1000]

    /// - Parameter name: below `Golden`, such as "openai/chat.sse".
    static func parts(_ name: String, _ reader: any ReplyReader, piece: Int) throws -> [ReplyPart] {
        try parts(RecordedStream(name, .events), reader, piece: piece)
    }

    /// Each text is the data of an event.
    static func parts(_ events: [String], _ reader: any ReplyReader, isDone: Bool = true) throws -> [ReplyPart] {
        try parts(RecordedStream(events: events, isDone: isDone), reader, piece: 1000)
    }

    private static func parts(_ stream: RecordedStream, _ reader: any ReplyReader, piece: Int) throws -> [ReplyPart] {
        let (parts, error) = try stream.read(reader, piece: piece)
        if let error { throw error }
        return parts
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
