import ArgumentParser

/// `sotto completions SHELL`: prints the completion script of a shell.
struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions", abstract: "Print the completion script for bash, zsh or fish.",
        discussion: """
            To try it: source <(sotto completions bash), source <(sotto completions zsh) or \
            sotto completions fish | source. scripts/install installs all three.
            """)

    @Argument(help: "The shell.")
    var shell: CompletionScript

    func run() throws { try StandardOutput.write(shell.text) }
}
