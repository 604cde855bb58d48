import ArgumentParser
import Foundation

/// A model as it is named on the command line: a file's path, or a name that 'sotto models' lists.
struct ModelArgument: ExpressibleByArgument {
    let text: String

    init(argument: String) { text = argument }

    /// The file that is meant.
    func path() throws -> String {
        if FileManager.default.fileExists(atPath: text) { return text }
        throw CommandLineError("there is no model file \"\(text)\"")
    }
}
