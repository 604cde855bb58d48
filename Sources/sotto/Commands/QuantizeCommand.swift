import ArgumentParser
import Foundation
import GGUF
import Inference

/// `sotto quantize IN OUT TYPE`: writes a model file with its weights in another format.
struct QuantizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantize", abstract: "Convert a model's weights to another format.",
        discussion: """
            Types: \(QuantizationScheme.all.map(\.name).joined(separator: ", ")). Those ending in _M and _S give the \
            most sensitive matrices more bits. Vectors and metadata are copied. Matrices whose number of columns is not \
            a multiple of 256 get a format with smaller blocks instead of a K format.
            """)

    @Argument(help: "The model to read, preferably in F16, BF16 or F32.")
    var input: ModelArgument

    @Argument(help: "The GGUF file to write.", completion: .file(extensions: ["gguf"]))
    var output: String

    @Argument(
        help: "The type of the output, such as Q4_K_M.", completion: .list(QuantizationScheme.all.map(\.name)))
    var type: String

    @OptionGroup var writing: WritingArguments

    func run() throws {
        guard let scheme = QuantizationScheme.find(type) else {
            let names = QuantizationScheme.all.map(\.name).joined(separator: ", ")
            throw CommandLineError("Unknown type \"\(type)\". Types: \(names)")
        }
        let file = try GGUFFile(path: try input.path())
        let quantizer = try ModelQuantizer(file: file, scheme: scheme)
        try quantizer.write(
            to: output, threads: writing.threadCount, instructionSet: try writing.instructionSet(),
            overwriting: writing.force
        ) { progress in
            let change = progress.source == progress.target ? "kept" : "→ \(progress.target)"
            let place = "[\(progress.index)/\(progress.count)]"
            StandardError.writeLine("\(place) \(progress.tensor)  \(progress.source) \(change)")
        }
        if quantizer.requantizes {
            StandardError.writeLine("note: \(file.path) is already quantized; requantizing loses further quality")
        }
        let sizes = [quantizer.tensorBytes, file.tensors.reduce(0) { $0 + $1.byteCount }].map { Double($0) / 1e6 }
        StandardError.writeLine(
            String(format: "%@: %@, %.1f MB of weights (was %.1f MB)", output, scheme.name, sizes[0], sizes[1]))
    }
}
