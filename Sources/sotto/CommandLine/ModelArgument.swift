import ArgumentParser
import Chat
import Foundation
import Providers

/// A model as it is named on the command line: a file's path, or a name that 'sotto models' lists.
struct ModelArgument: ExpressibleByArgument {
    let text: String

    init(argument: String) { text = argument }

    /// What is known of it, whether it can be used or not.
    func info() throws -> ModelInfo { try Catalogue.current.models.find(text) }

    /// Whether nothing of the name, or of the path, was left to be guessed.
    func isWholeName(of info: ModelInfo) -> Bool {
        text.lowercased() == info.reference.name.lowercased()
            || URL(filePath: text).standardizedFileURL.path == info.path
    }

    /// The file that is meant. It may hold a vocabulary only, or a model that cannot run.
    func path() throws -> String {
        guard let path = try info().path else {
            throw CommandLineError("\(text) is no file on this computer")
        }
        return path
    }
}
