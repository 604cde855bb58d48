import ArgumentParser
import Inference

/// Options for writing a model file.
struct WritingArguments: ParsableArguments {
    @Option(
        name: .shortAndLong, help: "Number of compute threads (default: one per usable core).",
        transform: ThreadCount.parse)
    var threads: Int?

    @OptionGroup var instructions: InstructionSetArguments

    @Flag(help: "Replace the output file if it exists.")
    var force = false

    /// The given number, or one per usable core.
    var threadCount: Int { threads ?? UsableCores.current.count }

    func instructionSet() throws -> InstructionSet { try instructions.chosen() ?? .best }
}
