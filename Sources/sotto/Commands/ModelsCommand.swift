import ArgumentParser
import Chat
import Foundation
import Providers

/// `sotto models`: what can be chatted with.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List, show, export, import and remove models.",
        discussion: """
            Found in the models folder, in the folders that SOTTO_MODELS names (separated by colons), in the current \
            folder, and where LM Studio and Ollama keep theirs.
            """,
        subcommands: [List.self, Show.self, Export.self, Import.self, Remove.self], defaultSubcommand: List.self)

    private static var catalogue: Catalogue { .current }
    private static var ownFolder: ModelFolder { ModelFolder(catalogue.home.models) }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the models on this computer.")

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let models = catalogue.models.models()
            let speeds = catalogue.speedFile.load()
            if json { return try StandardOutput.writeJSON(models.map { ModelReport($0, speeds) }) }
            guard !models.isEmpty else {
                throw CommandLineError("there is no model yet: put a GGUF file into \(catalogue.home.models)")
            }
            let rows = models.map { model in
                [
                    model.reference.name, model.architecture ?? "", model.format ?? "",
                    model.fileBytes.map(ModelReport.size) ?? "", model.contextLength.map { "context \($0)" } ?? "",
                    model.problem.map { "cannot be used: \($0)" } ?? "",
                ]
            }
            try StandardOutput.write(StandardOutput.presentable(TextTable.text(rows)))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show what is known of a model.")

        @Argument(help: "A GGUF file, or a name that 'sotto models' lists.")
        var model: ModelArgument
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let report = ModelReport(try model.info(), catalogue.speedFile.load())
            if json { return try StandardOutput.writeJSON(report) }
            try StandardOutput.write(StandardOutput.presentable(TextTable.text(report.rows)))
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Copy a model's file to another place.")

        @Argument(help: "A GGUF file, or a name that 'sotto models' lists.")
        var model: ModelArgument
        @Argument(help: "The file to write, which must not be there yet, or a folder for it.")
        var file: String
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let info = try model.info()
            let written = try copying { try ModelFolder.export(info, to: file, cancellation: $0, progress: $1) }
            if json { try StandardOutput.writeJSON(["name": info.reference.name, "file": written]) }
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copy a GGUF file into the models folder, and print the model's name.")

        @Argument(help: "The file. A model in it must be one that can be used.")
        var file: String
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let name = try copying { try ownFolder.importFile(file, cancellation: $0, progress: $1) }
            guard json else { return try StandardOutput.write(StandardOutput.presentable("\(name)\n")) }
            try StandardOutput.writeJSON(ModelReport(try catalogue.models.find(name), catalogue.speedFile.load()))
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a model's file from the models folder, for good.",
            discussion: "Files that lie elsewhere, such as Ollama's and LM Studio's, stay.", aliases: ["rm", "delete"])

        @Argument(help: "The whole name, as 'sotto models' lists it.")
        var model: ModelArgument
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let info = try model.info()
            guard model.isWholeName(of: info) else {
                throw CommandLineError("removing is for good: write the whole name, \(info.reference.name)")
            }
            try ownFolder.remove(info)
            if json { try StandardOutput.writeJSON(["name": info.reference.name, "file": info.path]) }
        }
    }

    /// Copies a file, which may take minutes: how far it is stands on the terminal, and Ctrl-C leaves nothing behind.
    private static func copying<Result>(_ copy: (Cancellation, (Double) -> Void) throws -> Result) throws -> Result {
        let cancellation = Cancellation()
        let interrupts = InterruptHandler { cancellation.cancel() }
        defer {
            interrupts.cancel()
            StandardError.showStatus("")
        }
        do {
            return try copy(cancellation) { StandardError.showStatus("copying, \(Int($0 * 100)) %") }
        } catch is CancellationError {
            throw ExitCode(130)
        }
    }
}
