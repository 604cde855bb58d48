import ArgumentParser
import Chat
import Inference

/// `sotto convert FOLDER OUT`: writes a checkpoint as a GGUF file.
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "Write a Hugging Face folder as a GGUF file.",
        discussion: """
            Any program that reads GGUF files can use the result. Without --type, the weights keep the format that most of \
            them have. Types: \(QuantizationScheme.all.map(\.name).joined(separator: ", ")).
            """)

    @Argument(help: "A folder with config.json and weights, or a model name from 'sotto models'.")
    var input: ModelArgument

    @Argument(help: "The GGUF file to write.", completion: .file(extensions: ["gguf"]))
    var output: String

    @Option(
        help: "The type of the output, such as Q4_K_M (default: as stored).",
        completion: .list(QuantizationScheme.all.map(\.name)))
    var type: FormatArgument?

    @Option(help: "A folder with an adapter of PEFT (LoRA) to merge into the weights.", completion: .directory)
    var lora: String?

    @OptionGroup var writing: WritingArguments

    func run() throws {
        let info = try input.info()
        let path = try input.path()
        guard ModelForm(path) != .export else {
            throw CommandLineError(
                "\(path) is an ONNX export, which cannot be converted. Use the folder that it was made from")
        }
        guard ModelFiles.isFolder(path) else {
            throw CommandLineError("\(path) is not a folder. To change the type of a GGUF file, use 'sotto quantize'")
        }
        let target = try OutputFile(output, overwriting: writing.force)
        let converter = try CheckpointConverter(path: path, scheme: type?.scheme, adapter: lora ?? info.adapter)
        let interrupts = InterruptHandler.beforeEnding { target.discard() }
        defer { interrupts.cancel() }
        defer { StandardError.showStatus("") }
        try converter.write(
            to: target, threads: writing.threadCount, instructionSet: try writing.instructionSet()
        ) { StandardError.showStatus("[\($0.index)/\($0.count)] \($0.tensor) \($0.type.name)") }
        StandardError.showStatus("")
        let losses = try converter.losses(in: output)
        if !losses.isEmpty {
            StandardError.writeLine(
                "note: GGUF files of this family cannot say everything that config.json does, so replies may differ in: "
                    + losses.joined(separator: ", "))
        }
        StandardError.writeLine("\(output): \(converter.format), \(ByteText.size(converter.byteCount)) of weights")
    }
}
