import ArgumentParser
import Inference

/// `sotto synthesize SHAPE OUT`: a model of random numbers to measure speed with.
struct SynthesizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synthesize", abstract: "Write a model of random weights, to measure speed with.",
        discussion: """
            Shapes: \(SyntheticModel.all.map(\.name).joined(separator: ", ")). The file holds F16 matrices, to be \
            quantized by 'sotto quantize', and no vocabulary: it runs in 'sotto bench', but cannot chat.
            """)

    @Argument(help: "The shape of a real model.")
    var shape: ShapeArgument

    @Argument(help: "The GGUF file to write.")
    var output: String

    @Option(help: "What the random numbers start from.")
    var seed: UInt64 = 1

    @OptionGroup var writing: WritingArguments

    func run() throws {
        StandardError.writeLine("Writing \(output), \(shape.model.tensorBytes / 1_000_000) MB …")
        try shape.model.write(to: output, seed: seed, threads: writing.threadCount, overwriting: writing.force)
    }
}

/// The shape of a synthetic model as an argument.
struct ShapeArgument: ExpressibleByArgument {
    let model: SyntheticModel

    init?(argument: String) {
        guard let model = SyntheticModel.find(argument) else { return nil }
        self.model = model
    }

    static var allValueStrings: [String] { SyntheticModel.all.map(\.name) }
}
