import ArgumentParser
import Foundation

/// How a model file is written.
struct WritingArguments: ParsableArguments {
    @Option(
        name: .shortAndLong, help: "Threads that compute (default: one for each processor).",
        transform: ThreadCount.parse)
    var threads: Int?

    @Flag(help: "Replace the output file if it exists.")
    var force = false

    /// The number that was asked for, or one per processor.
    var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }
}
