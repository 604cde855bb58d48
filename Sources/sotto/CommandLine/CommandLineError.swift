/// A request on the command line that cannot be carried out, with a message that says why and what to do.
struct CommandLineError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
