import CCurl
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// One request and its response, without redirects. Used on one thread, which also runs libcurl's callbacks.
final class Transfer {
    enum Outcome {
        case complete
        case redirect(status: Int, to: String)
    }

    let request: HTTPRequest
    let origin: HTTPOrigin
    let options: HTTPClient.Options
    let handle: CurlHandle
    private let isCancelled: @Sendable () -> Bool
    private let onPart: @Sendable (HTTPPart) -> Void

    private var headReader = HeadReader()
    private var clock: WaitClock
    private var bodyBytes = 0
    private var uploadedBytes = 0
    /// Why a callback ended the transfer; libcurl itself only knows that one did.
    private var failure: HTTPError?
    /// The port that was last connected to.
    private(set) var contactedPort: Int?

    /// How long cancelling and time-outs may go unnoticed while nothing arrives, in milliseconds.
    private static let interval: Int32 = 50

    init(
        _ request: HTTPRequest, at origin: HTTPOrigin, options: HTTPClient.Options, handle: CurlHandle,
        isCancelled: @escaping @Sendable () -> Bool, onPart: @escaping @Sendable (HTTPPart) -> Void
    ) {
        self.request = request
        self.origin = origin
        self.options = options
        self.handle = handle
        self.isCancelled = isCancelled
        self.onPart = onPart
        clock = WaitClock(request.limits)
    }

    /// Returns when the response is complete. After an error the handle is to be stopped and cannot be used again.
    func run() throws(HTTPError) -> Outcome {
        configure()
        receive()
        guard !handle.hasRefusedOption, handle.start() else { throw outOfMemory }
        while true {
            guard !isCancelled() else { throw .cancelled }
            guard let isRunning = handle.advance() else { throw outOfMemory }
            if let failure { throw failure }
            guard isRunning else { break }
            noteProgress()
            guard !clock.isOver else { throw .timedOut(host: origin.text, clock.wait) }
            handle.wait(milliseconds: Self.interval)
        }
        let code = handle.result ?? CURLE_FAILED_INIT
        guard code == CURLE_OK else { throw error(for: code, during: clock.wait) }
        // libcurl accepts a connection that ends within the head.
        guard headReader.isComplete else { throw .cut(host: origin.text) }
        let target = handle.string(CURLINFO_REDIRECT_URL)
        handle.stop()
        guard Redirects.isRedirect(headReader.head) else { return .complete }
        return .redirect(status: headReader.head.status, to: target ?? "")
    }

    private var outOfMemory: HTTPError { .failed(host: origin.text, reason: "libcurl could not prepare it") }

    /// Moves the clock from connecting to sending, and restarts it with everything sent.
    private func noteProgress() {
        if clock.wait == .connect, handle.size(CURLINFO_PRETRANSFER_TIME_T) > 0 { clock.restart(.firstByte) }
        let uploaded = handle.size(CURLINFO_SIZE_UPLOAD_T)
        guard uploaded != uploadedBytes else { return }
        uploadedBytes = uploaded
        if clock.wait == .firstByte { clock.restart(.firstByte) }
    }

    // MARK: Callbacks

    /// Unretained: the caller keeps this transfer until the handle has stopped.
    private func receive() {
        let transfer = Unmanaged.passUnretained(self).toOpaque()
        for option in [CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_OPENSOCKETDATA] {
            handle.set(option, pointer: transfer)
        }
        handle.set(CURLOPT_HEADERFUNCTION) { bytes, _, count, transfer in
            Transfer.from(transfer, bytes, count) { $0.receiveHeadLine($1) }
        }
        handle.set(CURLOPT_WRITEFUNCTION) { bytes, _, count, transfer in
            Transfer.from(transfer, bytes, count) { $0.receiveBody($1) }
        }
        handle.setOpener { transfer, _, address in
            guard let transfer, let address else { return CURL_SOCKET_BAD }
            return Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().openSocket(address)
        }
    }

    /// Passes bytes on. Returns what tells libcurl to go on, or to stop after a failure.
    private static func from(
        _ transfer: UnsafeMutableRawPointer?, _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int,
        _ receive: (Transfer, UnsafeBufferPointer<UInt8>) -> HTTPError?
    ) -> Int {
        guard let transfer, let bytes, count > 0 else { return 0 }
        let receiver = Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue()
        receiver.failure = UnsafeRawBufferPointer(start: bytes, count: count).withMemoryRebound(to: UInt8.self) {
            receive(receiver, $0)
        }
        return receiver.failure == nil ? count : 0
    }

    private func receiveHeadLine(_ line: UnsafeBufferPointer<UInt8>) -> HTTPError? {
        switch headReader.read(line) {
        case .incomplete: break
        case .tooLarge: return .tooLarge(limit: HeadReader.limit)
        case .complete:
            guard !isCancelled() else { return .cancelled }
            if !Redirects.isRedirect(headReader.head) { onPart(.head(headReader.head)) }
        }
        return nil
    }

    private func receiveBody(_ bytes: UnsafeBufferPointer<UInt8>) -> HTTPError? {
        guard !isCancelled() else { return .cancelled }
        guard bytes.count <= request.limits.bodyBytes - bodyBytes else {
            return .tooLarge(limit: request.limits.bodyBytes)
        }
        bodyBytes += bytes.count
        if !Redirects.isRedirect(headReader.head) { onPart(.bytes(Array(bytes))) }
        clock.restart(.silence)
        return nil
    }

    /// Loopback origins are connected to on this computer whatever their name was resolved to.
    private func openSocket(_ address: UnsafePointer<curl_sockaddr>) -> curl_socket_t {
        contactedPort = Int(sotto_curl_port(address))
        guard !origin.isLoopback || sotto_curl_is_loopback(address) else {
            failure = .unreachable(host: origin.text, reason: "its address is not on this computer")
            return CURL_SOCKET_BAD
        }
        let target = address.pointee
        let descriptor = socket(target.family, target.socktype, target.protocol)
        // Programs that the chat starts, such as an editor, must not inherit connections.
        if descriptor >= 0 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        return descriptor
    }
}
