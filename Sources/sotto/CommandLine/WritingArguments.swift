import ArgumentParser
import Foundation

/// How a model file is written.
struct WritingArguments: ParsableArguments {
    @Option(name: .shortAndLong, help: "Threads that compute (default: one for each processor).")
    var threads: Int?

    @Flag(help: "Replace the output file if it exists.")
    var force = false

    /// The number that was asked for, or one per processor.
    var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

    func validate() throws {
        guard let threads, !(1...256).contains(threads) else { return }
        throw ValidationError("--threads is \(threads); it must be from 1 to 256")
    }
}
