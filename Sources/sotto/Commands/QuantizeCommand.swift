import ArgumentParser
import Foundation
import GGUF
import Inference

/// `sotto quantize IN OUT TYPE`: a model file with its matrices in another number format.
struct QuantizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantize", abstract: "Write a model file with its weights in another number format.",
        discussion: """
            Types: \(QuantizationScheme.all.map(\.name).joined(separator: ", ")). The ones ending in _M and _S give \
            the most sensitive matrices more bits. Vectors and metadata are kept. Matrices whose columns are no \
            multiple of 256 get a format with smaller blocks in place of a K format.
            """)

    @Argument(help: "The model to read, best in F16, BF16 or F32.")
    var input: ModelArgument

    @Argument(help: "The GGUF file to write.")
    var output: String

    @Argument(
        help: "The type to write, such as Q4_K_M.", completion: .list(QuantizationScheme.all.map(\.name)))
    var type: String

    @OptionGroup var writing: WritingArguments

    func run() throws {
        guard let scheme = QuantizationScheme.find(type) else {
            let names = QuantizationScheme.all.map(\.name).joined(separator: ", ")
            throw CommandLineError("there is no type \"\(type)\"; there are: \(names)")
        }
        let file = try GGUFFile(path: try input.path())
        let quantizer = try ModelQuantizer(file: file, scheme: scheme)
        try quantizer.write(to: output, threads: writing.threadCount, overwriting: writing.force) { progress in
            let change = progress.source == progress.target ? "kept" : "→ \(progress.target)"
            let place = "[\(progress.index)/\(progress.count)]"
            StandardError.writeLine("\(place) \(progress.tensor)  \(progress.source) \(change)")
        }
        if quantizer.requantizes {
            StandardError.writeLine("note: \(file.path) was quantized already; its errors stay beside the new ones")
        }
        let sizes = [quantizer.tensorBytes, file.tensors.reduce(0) { $0 + $1.byteCount }].map { Double($0) / 1e6 }
        StandardError.writeLine(
            String(format: "%@: %@, %.1f MB of weights, %.1f MB before", output, scheme.name, sizes[0], sizes[1]))
    }
}
