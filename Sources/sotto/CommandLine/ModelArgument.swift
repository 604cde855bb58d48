import ArgumentParser
import Providers

/// A model as it is named on the command line: a file's path, or a name that 'sotto models' lists.
struct ModelArgument: ExpressibleByArgument {
    let text: String

    init(argument: String) { text = argument }

    /// The file that is meant. It may hold a vocabulary only, or a model that cannot run.
    func path() throws -> String {
        guard let path = try Catalogue.current.models.find(text).path else {
            throw CommandLineError("\(text) is no file on this computer")
        }
        return path
    }
}
