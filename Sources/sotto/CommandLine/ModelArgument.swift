import ArgumentParser
import Chat
import Foundation
import Inference
import Providers

/// A model on the command line: the path of a file, or a name from 'sotto models'.
struct ModelArgument: ExpressibleByArgument {
    let text: String

    init(argument: String) { text = argument }

    static var defaultCompletionKind: CompletionKind { .values(.models) }

    /// The model's description, whether it can be used or not.
    func info() throws -> ModelInfo { try Catalogue.current.models.find(text) }

    /// Whether the user gave the complete name or path, not an abbreviation.
    func isWholeName(of info: ModelInfo) -> Bool {
        text.lowercased() == info.reference.name.lowercased()
            || URL(filePath: text).standardizedFileURL.path == info.path
    }

    /// Opens the model, with its adapter, and shows what is unusual about it.
    func load() throws -> Model {
        let info = try info()
        let model = try Model.load(path: try path(of: info), adapters: info.adapter.map { [$0] } ?? [])
        for warning in model.warnings { StandardError.writeLine("sotto: \(warning)") }
        return model
    }

    /// The path of the model's file, which may contain only a vocabulary, or a model that cannot run.
    func path() throws -> String { try path(of: try info()) }

    private func path(of info: ModelInfo) throws -> String {
        guard let path = info.path else { throw CommandLineError("\"\(text)\" is not a file on this computer") }
        return path
    }
}
