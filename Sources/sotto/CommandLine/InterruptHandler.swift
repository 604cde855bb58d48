import Foundation

/// Turns the first Ctrl-C into an orderly end; a second one ends the program at once.
struct InterruptHandler {
    private let source: any DispatchSourceSignal

    init(_ stop: @escaping @Sendable () -> Void) {
        // The source hears of the signal although it is ignored; after the first one it kills again.
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
