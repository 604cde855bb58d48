import ArgumentParser
import Inference

/// `sotto synthesize SHAPE OUT`: writes a model of random weights, for measuring speed.
struct SynthesizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synthesize", abstract: "Write a model with random weights, for measuring speed.",
        discussion: """
            Shapes: \(SyntheticModel.all.map(\.name).joined(separator: ", ")). The file contains F16 matrices, which \
            'sotto quantize' can convert, and no vocabulary: it runs in 'sotto bench', but cannot chat.
            """)

    @Argument(help: "The model whose dimensions to use.")
    var shape: ShapeArgument

    @Argument(help: "The GGUF file to write.", completion: .file(extensions: ["gguf"]))
    var output: String

    @Option(help: "Random seed.")
    var seed: UInt64 = 1

    @OptionGroup var writing: WritingArguments

    func run() throws {
        let target = try OutputFile(output, overwriting: writing.force)
        let interrupts = InterruptHandler.beforeEnding { target.discard() }
        defer { interrupts.cancel() }
        StandardError.writeLine("Writing \(output), \(shape.model.tensorBytes / 1_000_000) MB …")
        try shape.model.write(
            to: target, seed: seed, threads: writing.threadCount, instructionSet: try writing.instructionSet())
    }
}

/// The dimensions of a synthetic model as an argument.
struct ShapeArgument: ExpressibleByArgument {
    let model: SyntheticModel

    init?(argument: String) {
        guard let model = SyntheticModel.find(argument) else { return nil }
        self.model = model
    }

    static var allValueStrings: [String] { SyntheticModel.all.map(\.name) }
}
