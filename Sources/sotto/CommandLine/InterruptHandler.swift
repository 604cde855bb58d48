import Foundation

/// Runs a handler on the first Ctrl-C; a second one ends the program at once.
struct InterruptHandler {
    private let sources: [any DispatchSourceSignal]

    init(_ stop: @escaping @Sendable () -> Void) { self.init(signals: [SIGINT]) { _ in stop() } }

    /// Removes what the program has not finished when it is asked to end, and then ends it as the signal would have.
    static func beforeEnding(_ cleanUp: @escaping @Sendable () -> Void) -> InterruptHandler {
        InterruptHandler(signals: [SIGINT, SIGTERM, SIGHUP]) { number in
            cleanUp()
            kill(getpid(), number)
        }
    }

    /// - Parameter handler: called for the first of these signals. The default actions have been restored then.
    private init(signals: [Int32], handler: @escaping @Sendable (Int32) -> Void) {
        // The sources receive signals although they are ignored. One that was ignored from the start, as by nohup, has
        // no source.
        let ignored = unsafeBitCast(SIG_IGN, to: Int.self)
        let signals = signals.filter { unsafeBitCast(signal($0, SIG_IGN), to: Int.self) != ignored }
        sources = signals.map { DispatchSource.makeSignalSource(signal: $0, queue: .global()) }
        for (number, source) in zip(signals, sources) {
            source.setEventHandler {
                for number in signals { signal(number, SIG_DFL) }
                handler(number)
            }
            source.activate()
        }
    }

    func cancel() { for source in sources { source.cancel() } }
}
