import Chat
import HTTP
import JSON
import Replies
import Synchronization

/// One reply of a service, with the tries it takes.
struct ServiceReply: Sendable {
    var request: ReplyRequest
    let provider: String
    let wire: any WireProtocol
    let connection: ServiceConnection
    let recorder: ReplyRecorder

    /// Until its first word a model may load, read a long prompt and think, some without sending anything meanwhile.
    private static let limits = HTTPLimits(
        connect: .seconds(10), firstByte: .seconds(600), silence: .seconds(600), bodyBytes: 256 << 20)
    /// Once it writes, a pause as long as this means that the connection is dead.
    private static let longestPause = Duration.seconds(120)

    mutating func run() async throws(ServiceError) {
        var refused: Set<String> = []
        var backOff = BackOff()
        while true {
            do {
                try await attempt(without: refused)
                return
            } catch {
                guard !recorder.hasBegun, !isCancelled else { throw isCancelled ? .cancelled : error }
                if case .refusedParameter(let name, let service, _) = error, refused.insert(name).inserted {
                    recorder.take(.notice("\(service) does not take \(name) for this model; sent without it"))
                    continue
                }
                if wire.adapts(to: error, of: request) { continue }
                if case .impossible = error, let inWords = request.asContinuationInWords {
                    request = inWords
                    continue
                }
                guard let wait = backOff.next(after: error) else { throw error }
                recorder.retry(error, after: wait)
                try await sleep(wait)
            }
        }
    }

    private var isCancelled: Bool { request.cancellation.isCancelled || Task.isCancelled }

    private func attempt(without refused: Set<String>) async throws(ServiceError) {
        let contextLength = try await wire.prepare(request, connection) { recorder.take($0) }
        if isCancelled { throw .cancelled }
        if let contextLength { recorder.contextLength = contextLength }
        let call = try wire.call(for: request, provider: provider, contextLength: contextLength, without: refused)
        let reading = StreamReading(
            EventStream(call.framing), wire.reader(for: request, provider: provider), service: connection.service,
            recorder: recorder)
        let cancellation = request.cancellation
        do {
            try await connection.stream(call, limits: Self.limits) {
                cancellation.isCancelled || reading.hasFailed(pause: Self.longestPause)
            } onBytes: {
                reading.push($0)
            }
        } catch {
            // What stopped the transfer from here is the better reason.
            if let failure = reading.failure { throw connection.withoutKey(failure) }
            throw error
        }
        do { try reading.finish() } catch { throw connection.withoutKey(error) }
    }

    private func sleep(_ seconds: Double) async throws(ServiceError) {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            if isCancelled { throw .cancelled }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }
}

/// Turns the bytes of an answer into parts of a reply. Bytes arrive on the transfer's thread, the rest on the task's.
final class StreamReading: Sendable {
    private struct State {
        var stream: EventStream
        var reader: any ReplyReader
        var isDone = false
        var latest = ContinuousClock.now
        var failure: ServiceError?
    }

    private let state: Mutex<State>
    private let service: String
    private let host: String
    private let recorder: ReplyRecorder

    init(_ stream: EventStream, _ reader: any ReplyReader, service: Service, recorder: ReplyRecorder) {
        state = Mutex(State(stream: stream, reader: reader))
        self.service = service.title
        host = service.origin?.text ?? service.title
        self.recorder = recorder
    }

    var failure: ServiceError? { state.withLock { $0.failure } }

    /// Whether it has failed; a longer pause within a reply is a failure, too.
    func hasFailed(pause: Duration) -> Bool {
        let hasBegun = recorder.hasBegun
        return state.withLock { state in
            if hasBegun, state.failure == nil, state.latest.duration(to: .now) > pause {
                state.failure = .transport(.timedOut(host: host, .silence), service: service)
            }
            return state.failure != nil
        }
    }

    func push(_ bytes: [UInt8]) {
        state.withLock { state in
            state.latest = .now
            guard state.failure == nil, !state.isDone else { return }
            do throws(ServiceError) {
                let events: [EventStream.Event]
                do { events = try state.stream.push(bytes) } catch {
                    throw .malformed(service: service, detail: "an event of more than \(EventStream.limit >> 20) MB")
                }
                for event in events { try read(event, &state) }
            } catch {
                state.failure = error
            }
        }
    }

    /// The stream has ended; throws if the reply has not.
    func finish() throws(ServiceError) {
        let failure: ServiceError? = state.withLock { state in
            do throws(ServiceError) {
                if let failure = state.failure { throw failure }
                if let event = state.stream.finish() {
                    // A line without its end is likely to be half of one.
                    do throws(ServiceError) { try read(event, &state) } catch .malformed {
                        throw .cut(service: service)
                    }
                }
                for part in try state.reader.finish(isDone: state.isDone) { recorder.take(part) }
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    private func read(_ event: EventStream.Event, _ state: inout State) throws(ServiceError) {
        // The end mark of OpenAI's streams.
        if event.data.elementsEqual("[DONE]".utf8) {
            state.isDone = true
            return
        }
        let value: JSONValue
        do {
            value = try JSONReader.read(String(decoding: event.data, as: UTF8.self))
        } catch {
            throw .malformed(service: service, detail: "\(error)")
        }
        for part in try state.reader.read(name: event.name, value) { recorder.take(part) }
    }
}
