import Foundation

/// Runs a handler on the first Ctrl-C; a second one ends the program at once.
struct InterruptHandler {
    private let source: any DispatchSourceSignal

    init(_ stop: @escaping @Sendable () -> Void) {
        // The source receives the signal although it is ignored. After the first one the default action is restored.
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            signal(SIGINT, SIG_DFL)
            stop()
        }
        source.activate()
    }

    func cancel() { source.cancel() }
}
