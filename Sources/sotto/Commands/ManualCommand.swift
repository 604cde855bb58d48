import ArgumentParser

/// `sotto manual`: prints the manual page, or the reference in `docs/`.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Print the manual page.",
        discussion: "To read it: sotto manual | man -l -. scripts/install installs it.")

    @Flag(help: "Print the reference as Markdown (docs/reference.md).")
    var markdown = false

    func run() throws {
        let content = ReferenceContent(program: try CommandTree.program())
        try StandardOutput.write(markdown ? MarkdownReference(content).text : ManualPage(content).text)
    }
}
