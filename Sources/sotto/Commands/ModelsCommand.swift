import ArgumentParser
import Chat
import Foundation
import Providers

/// `sotto models`: manages model files.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List, show, recommend, export, import and remove models.",
        discussion: """
            Sotto looks for models in its models folder, in the folders listed in SOTTO_MODELS (separated by colons), \
            in the current folder, and in those of Ollama, LM Studio, Hugging Face's libraries and llama.cpp.
            """,
        subcommands: [List.self, Show.self, Recommend.self, Export.self, Import.self, Remove.self],
        defaultSubcommand: List.self)

    private static var catalogue: Catalogue { .current }
    private static var ownFolder: ModelFolder { ModelFolder(catalogue.home.models) }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the models on this computer, or those of a service.",
            discussion: """
                Without a provider, the models of servers that run on this computer are listed too. Nothing else is \
                contacted.
                """)

        @Argument(help: "A provider, such as anthropic or a name from providers.json; the service is asked.")
        var provider: String?
        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            let services = ServiceSetup(home: catalogue.home)
            for problem in services.problems { StandardError.writeLine("sotto: \(problem)") }
            let models: [ModelInfo]
            if let provider, provider != ModelReference.localProvider {
                do {
                    models = try await services.models(of: provider)
                } catch let error as ProviderError {
                    // Perhaps a mistyped command, or a model.
                    let commands = ModelsCommand.configuration.subcommands.map { $0._commandName }
                    if let near = Spelling.nearest(to: provider, among: commands) {
                        throw CommandLineError("\(error). Did you mean sotto models \(near)?")
                    }
                    throw CommandLineError("\(error). Other commands: \(commands.joined(separator: ", "))")
                }
            } else {
                models = catalogue.models.models() + (provider == nil ? await services.modelsOnThisComputer() : [])
            }
            let speeds = catalogue.speedFile.load()
            let reports = models.map { ModelReport($0, speeds, SpeedPrediction(models, speeds)) }
            if json { return try StandardOutput.writeJSON(reports) }
            guard !models.isEmpty else {
                throw catalogue.noModel
            }
            let rows = zip(models, reports).map { $1.columns(name: $0.reference.text) }
            try StandardOutput.write(StandardOutput.presentable(TextTable.list(ModelReport.heading, rows)))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a model's details.")

        @Argument(
            help:
                "A GGUF file, a Hugging Face folder, an ONNX export, a model name from 'sotto models', or PROVIDER:NAME."
        )
        var model: ModelArgument
        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            let services = ServiceSetup(home: catalogue.home)
            let info = try await services.info(named: model.text, in: catalogue)
            let speeds = catalogue.speedFile.load()
            let report = ModelReport(info, speeds, SpeedPrediction(catalogue.models.models(), speeds))
            if json { return try StandardOutput.writeJSON(report) }
            try StandardOutput.write(StandardOutput.presentable(TextTable.text(report.rows)))
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Copy a model's file to another location.")

        @Argument(help: "A GGUF file, a Hugging Face folder, an ONNX export, or a model name from 'sotto models'.")
        var model: ModelArgument
        @Argument(help: "Output file, which must not exist, or a folder for it.", completion: .file())
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
            abstract: "Copy a GGUF file into the models folder and print the model's name.")

        @Argument(
            help: "A GGUF file, a Hugging Face folder, or an ONNX export, with a supported model.",
            completion: .file(extensions: ["gguf"]))
        var file: String
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let name = try copying { try ownFolder.importFile(file, cancellation: $0, progress: $1) }
            guard json else { return try StandardOutput.write(StandardOutput.presentable("\(name)\n")) }
            let speeds = catalogue.speedFile.load()
            let report = ModelReport(
                try catalogue.models.find(name), speeds, SpeedPrediction(catalogue.models.models(), speeds))
            try StandardOutput.writeJSON(report)
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a model's file from the models folder.",
            discussion: "This cannot be undone. Files of other programs, such as Ollama, are not touched.",
            aliases: ["rm", "delete"])

        @Argument(help: "The full name, as listed by 'sotto models'.")
        var model: ModelArgument
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let info = try model.info()
            guard model.isWholeName(of: info) else {
                throw CommandLineError("This cannot be undone; type the full name: \(info.reference.name)")
            }
            try ownFolder.remove(info)
            if json { try StandardOutput.writeJSON(["name": info.reference.name, "file": info.path]) }
        }
    }

    /// Copies a file, which may take minutes, showing progress on the terminal. Ctrl-C removes the partial copy.
    private static func copying<Result>(_ copy: (Cancellation, (Double) -> Void) throws -> Result) throws -> Result {
        let cancellation = Cancellation()
        let interrupts = InterruptHandler { cancellation.cancel() }
        defer {
            interrupts.cancel()
            StandardError.showStatus("")
        }
        do {
            return try copy(cancellation) { StandardError.showStatus("Copying, \(Int($0 * 100)) %") }
        } catch is CancellationError {
            throw ExitCode(130)
        }
    }
}
