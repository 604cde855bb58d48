import ArgumentParser
import Chat
import Downloads
import JSON

/// `sotto pull ADDRESS`: downloads a model.
struct PullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Download a model and print its name.",
        discussion: """
            Addresses: hf.co/OWNER/NAME for a repository on Hugging Face, with :QUANT for one of its formats; \
            ollama.com/NAME or ollama.com/USER/NAME, with :TAG; an http address of a .gguf file; "default" for the default \
            model. Without a format, Q4_K_M is downloaded if it fits this computer's memory, else the largest that fits. A \
            download that was stopped goes on where it ended. HF_TOKEN is sent to Hugging Face.
            """)

    @Argument(help: "Where the model is, such as hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF or ollama.com/llama3.2:1b.")
    var address: String
    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let address = try ModelAddress(address)
        let cancellation = Cancellation()
        let interrupts = InterruptHandler { cancellation.cancel() }
        defer { interrupts.cancel() }
        let pull = PullSetup(home: Catalogue.current.home).pull(address, cancellation: cancellation)
        let status = PullStatus()
        let name: String
        do throws(PullError) {
            name = try await pull.run { status.show($0) }
        } catch .cancelled {
            StandardError.showStatus("")
            StandardError.writeLine(
                address == .package ? "Stopped" : "Stopped. The same command goes on from here")
            throw ExitCode(130)
        } catch {
            StandardError.showStatus("")
            throw error
        }
        StandardError.showStatus("")
        try print(name, status.plan)
    }

    private func print(_ name: String, _ plan: PullPlan?) throws {
        guard json else { return try StandardOutput.write(StandardOutput.presentable("\(name)\n")) }
        try StandardOutput.writeJSON(
            .object([
                "name": .string(name), "address": .text(plan?.address), "format": .text(plan?.format),
                "bytes": plan?.bytes.map { .integer($0) } ?? .null, "license": .text(plan?.license),
            ]))
    }
}
