import ArgumentParser
import Chat
import Foundation
import Providers

/// `sotto models`: what can be chatted with.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List the models on this computer.",
        discussion: """
            Found in the models folder, in the folders that SOTTO_MODELS names (separated by colons), in the current \
            folder, and where LM Studio and Ollama keep theirs.
            """)

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let models = Catalogue.current.models.models()
        if json { return try StandardOutput.writeJSON(models.map(Report.init)) }
        guard !models.isEmpty else {
            throw CommandLineError("there is no model yet: put a GGUF file into \(Catalogue.current.home.models)")
        }
        let rows = models.map { model in
            [
                model.reference.name, model.architecture ?? "", model.format ?? "",
                model.fileBytes.map(Self.size) ?? "", model.contextLength.map { "context \($0)" } ?? "",
                model.problem.map { "cannot be used: \($0)" } ?? "",
            ]
        }
        try StandardOutput.write(StandardOutput.presentable(TextTable.text(rows)))
    }

    private static func size(_ bytes: Int) -> String { String(format: "%.1f MB", Double(bytes) / 1e6) }

    private struct Report: Encodable {
        let name: String
        let provider: String
        let path: String?
        let architecture: String?
        let format: String?
        let parameters: Int?
        let bytes: Int?
        let contextLength: Int?
        let problem: String?

        init(_ model: ModelInfo) {
            name = model.reference.name
            provider = model.reference.provider
            path = model.path
            architecture = model.architecture
            format = model.format
            parameters = model.parameters
            bytes = model.fileBytes
            contextLength = model.contextLength
            problem = model.problem
        }
    }
}
