/// Something the person asked for on the command line cannot be done: one line that says what and what would be right.
struct CommandLineError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
