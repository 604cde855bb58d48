import ArgumentParser
import Foundation

/// Options for writing a model file.
struct WritingArguments: ParsableArguments {
    @Option(
        name: .shortAndLong, help: "Number of compute threads (default: one per processor).",
        transform: ThreadCount.parse)
    var threads: Int?

    @Flag(help: "Replace the output file if it exists.")
    var force = false

    /// The given number, or one per processor.
    var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }
}
