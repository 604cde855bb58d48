import Foundation
import JSON

@testable import Services

/// A stream in the folder Golden, read in pieces of any size.
struct RecordedStream {
    let bytes: [UInt8]
    let framing: ServiceCall.Framing

    /// - Parameter path: inside Golden, such as "anthropic/text.sse".
    init(_ path: String, _ framing: ServiceCall.Framing) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Golden")
        bytes = Array(try Data(contentsOf: folder.appending(path: path)))
        self.framing = framing
    }

    init(text: String, _ framing: ServiceCall.Framing) {
        bytes = Array(text.utf8)
        self.framing = framing
    }

    /// Each text is the data of an event.
    init(events: [String], isDone: Bool = true) {
        self.init(
            text: events.map { "data: \($0)\n\n" }.joined() + (isDone ? "data: [DONE]\n\n" : ""), .events)
    }

    /// The parts of the reply, and the error that ends it, if any.
    func read(_ reader: any ReplyReader, piece: Int = 1000) throws -> (parts: [ReplyPart], error: ServiceError?) {
        var (reader, stream, parts, rest) = (reader, EventStream(framing), [ReplyPart](), bytes[...])
        var isDone = false
        func read(_ event: EventStream.Event) throws {
            if event.data.elementsEqual("[DONE]".utf8) {
                isDone = true
                return
            }
            parts += try reader.read(name: event.name, try JSONReader.read(event.data))
        }
        do {
            while !rest.isEmpty {
                for event in try stream.push(Array(rest.prefix(piece))) { try read(event) }
                rest = rest.dropFirst(piece)
            }
            if let event = stream.finish() { try read(event) }
            parts += try reader.finish(isDone: isDone)
            return (parts, nil)
        } catch let error as ServiceError {
            return (parts, error)
        }
    }
}
