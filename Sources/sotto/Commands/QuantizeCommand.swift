import ArgumentParser
import Chat
import ChatApp
import Foundation
import GGUF
import Inference

/// `sotto quantize IN OUT TYPE`: writes a model file with its weights in another format.
struct QuantizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantize", abstract: "Convert a model's weights to another format.",
        discussion: """
            Types: \(QuantizationScheme.all.map(\.name).joined(separator: ", ")). The names mean the same mixes as in \
            llama.cpp: those ending in _L, _M and _S give the most sensitive matrices more bits, and MXFP4_MOE is MXFP4 for \
            experts and Q8_0 for the rest. Vectors and metadata are copied. Matrices whose number of columns is not a \
            multiple of 256 get a format with smaller blocks instead of a K format or IQ4_XS. From four bits down, an \
            importance matrix makes the result better.
            """)

    @Argument(help: "The model to read, preferably in F16, BF16 or F32.")
    var input: ModelArgument

    @Argument(help: "The GGUF file to write.", completion: .file(extensions: ["gguf"]))
    var output: String

    @Argument(
        help: "The type of the output, such as Q4_K_M.", completion: .list(QuantizationScheme.all.map(\.name)))
    var type: String

    @Option(
        help: ArgumentHelp(
            "An importance matrix of the model, from `sotto imatrix`: columns of weights that matter more get smaller errors.",
            valueName: "file"), completion: .file(extensions: ["gguf"]))
    var imatrix: String?

    @OptionGroup var writing: WritingArguments

    func run() throws {
        guard let scheme = QuantizationScheme.find(type) else {
            let names = QuantizationScheme.all.map(\.name)
            let near = Spelling.nearest(to: type, among: names).map { " Did you mean \($0)?" } ?? ""
            throw CommandLineError("Unknown type \"\(type)\".\(near) Types: \(names.joined(separator: ", "))")
        }
        let path = try input.path()
        guard ModelForm(path) != .export else {
            throw CommandLineError(
                "\(path) is an ONNX export, which cannot be quantized. Use the model's GGUF file or folder")
        }
        guard !ModelFiles.isFolder(path) else {
            throw CommandLineError("\(path) is a folder. 'sotto convert' writes it as a GGUF file, also with --type")
        }
        let file = try GGUFFile(path: path)
        let quantizer = try ModelQuantizer(
            file: file, scheme: scheme, importance: try imatrix.map { try ImportanceMatrix(path: $0) })
        let target = try OutputFile(output, source: file.path, overwriting: writing.force)
        let interrupts = InterruptHandler.beforeEnding { target.discard() }
        defer { interrupts.cancel() }
        var status = QuantizeStatus()
        defer { StandardError.showStatus("") }
        try quantizer.write(
            to: target, threads: writing.threadCount, instructionSet: try writing.instructionSet()
        ) { status.show($0) }
        StandardError.showStatus("")
        if quantizer.requantizes {
            StandardError.writeLine("note: \(file.path) is already quantized; requantizing loses further quality")
        }
        let unweighted = quantizer.matricesWithoutImportance
        if let imatrix, let first = unweighted.first {
            StandardError.writeLine(
                "note: \(imatrix) has nothing about \(unweighted.count) of the matrices, such as \(first)")
        }
        let before = file.tensors.reduce(0) { $0 + $1.byteCount }
        let use = quantizer.weightUse
        let active = use.activeParameters < use.parameters ? ", \(ByteText.size(use.activeBytes)) for a token" : ""
        StandardError.writeLine(
            "\(output): \(scheme.name), \(ModelText.parameters(use.parameters, active: use.activeParameters)), "
                + "\(ByteText.size(use.byteCount)) of weights (was \(ByteText.size(before)))\(active)")
    }
}
