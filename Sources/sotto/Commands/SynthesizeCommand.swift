import ArgumentParser
import Chat
import ChatApp
import GGUF
import Inference

/// `sotto synthesize SHAPE OUT`: writes a model of random weights, for measuring speed.
struct SynthesizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synthesize", abstract: "Write a model with random weights, for measuring speed.",
        discussion: """
            Shapes: \(SyntheticModel.all.map(\.name).joined(separator: ", ")). The file has no vocabulary: it runs in \
            'sotto bench', but cannot chat. Its formats are those of 'sotto quantize'.
            """)

    @Argument(help: "The model whose dimensions to use.")
    var shape: ShapeArgument

    @Argument(help: "The GGUF file to write.", completion: .file(extensions: ["gguf"]))
    var output: String

    @Option(
        help: "The format of the matrices, such as Q4_K_M (default: F16).",
        completion: .list(QuantizationScheme.all.map(\.name)))
    var format: FormatArgument?

    @Option(
        help: ArgumentHelp(
            "The tensor type of the layers' matrices, such as IQ2_XXS, written as random blocks.",
            discussion: "For types that 'sotto quantize' does not write."),
        completion: .list(TensorTypeArgument.allValueStrings))
    var blocks: TensorTypeArgument?

    @Option(help: "Write only that many layers, so that the file is smaller (default: all).")
    var layers: Int?

    @Option(help: "Random seed.")
    var seed: UInt64 = 1

    @OptionGroup var writing: WritingArguments

    func validate() throws {
        guard let layers else { return }
        guard (1...shape.model.allLayers).contains(layers) else {
            throw ValidationError("--layers must be from 1 to \(shape.model.allLayers)")
        }
    }

    func run() throws {
        let target = try OutputFile(output, overwriting: writing.force)
        let interrupts = InterruptHandler.beforeEnding { target.discard() }
        defer { interrupts.cancel() }
        var model = layers.map(shape.model.with) ?? shape.model
        let scheme = format?.scheme ?? .f16
        model.blockType = blocks?.type
        let use = model.weightUse(scheme)
        let parameters = ModelText.parameters(use.parameters, active: use.activeParameters)
        StandardError.writeLine(
            "Writing \(output), \(parameters), \(ByteText.size(use.byteCount)) in \(blocks?.type.name ?? scheme.name) …"
        )
        defer { StandardError.showStatus("") }
        try model.write(
            to: target, scheme: scheme, seed: seed, threads: writing.threadCount,
            instructionSet: try writing.instructionSet()
        ) { StandardError.showStatus("[\($0 + 1)/\($1)]") }
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

/// The format of a file's matrices as an argument.
struct FormatArgument: ExpressibleByArgument {
    let scheme: QuantizationScheme

    init?(argument: String) {
        guard let scheme = QuantizationScheme.find(argument) else { return nil }
        self.scheme = scheme
    }

    static var allValueStrings: [String] { QuantizationScheme.all.map(\.name) }
}

/// A type of tensors that are stored as blocks of several weights, as an argument.
struct TensorTypeArgument: ExpressibleByArgument {
    let type: TensorType

    init?(argument: String) {
        guard let type = SyntheticModel.blockTypes.first(where: { $0.name == argument.uppercased() }) else {
            return nil
        }
        self.type = type
    }

    static var allValueStrings: [String] { SyntheticModel.blockTypes.map(\.name) }
}
