import ArgumentParser
import Foundation
import Inference
import JSON
import Jinja
import Tokenizers

/// `sotto render MODEL|TEMPLATE.jinja --messages FILE`: prints the prompt that a model would get.
struct RenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render", abstract: "Apply a chat template to a conversation and print the prompt.",
        discussion: """
            The messages are JSON: {"messages":[{"role":"user","content":"Hi"}],"tools":[…],\
            "add_generation_prompt":true}. Any other key becomes a variable of the template.
            """)

    @Argument(help: "A model (file or name), or a template file ending in .jinja.", completion: .values(.templates))
    var source: ModelArgument

    @Option(
        help: ArgumentHelp("A JSON file with the messages.", valueName: "path"), completion: .file(extensions: ["json"])
    )
    var messages: String

    @Flag(help: "Print {\"text\":…,\"repairs\":[…]} instead of the text.")
    var json = false

    func run() throws {
        var variables = try conversation()
        guard let messages = variables.removeValue(forKey: "messages") else {
            throw CommandLineError("\(self.messages) has no \"messages\". It must contain {\"messages\":[…]}")
        }
        let tools = variables.removeValue(forKey: "tools")
        var addGenerationPrompt = false
        if case .bool(let flag) = variables.removeValue(forKey: "add_generation_prompt") { addGenerationPrompt = flag }
        let (text, repairs) = try template().renderRepairing(
            messages: messages, tools: tools, addGenerationPrompt: addGenerationPrompt, extra: variables)
        if json { return try StandardOutput.writeJSON(Report(text: text.text, repairs: repairs)) }
        for repair in repairs { StandardError.writeLine("sotto: \(repair.description)") }
        try StandardOutput.write(StandardOutput.presentable(text.text))
    }

    private struct Report: Encodable {
        let text: String
        /// What was changed in the conversation so that the template takes it.
        let repairs: [PromptRepair]
    }

    private func conversation() throws -> [String: JinjaValue] {
        let value: JinjaValue
        do {
            value = try JinjaValue(json: try TextFile.read(messages))
        } catch let error as JSONError {
            throw CommandLineError("\(messages): \(error)")
        }
        guard case .dict(let dict) = value else {
            throw CommandLineError("\(messages) must contain one JSON object: {\"messages\":[…]}")
        }
        var variables: [String: JinjaValue] = [:]
        for case (.string(let key), let value) in dict.entries { variables[key.text] = value }
        return variables
    }

    private func template() throws -> ChatTemplate {
        if source.text.hasSuffix(".jinja") {
            return try ChatTemplate(source: try TextFile.readText(source.text), bos: "", eos: "")
        }
        let path = try source.path()
        let (template, warning) = try ChatTemplate.used(by: try OpenedSource.open(path))
        if let warning { StandardError.writeLine("sotto: \(warning)") }
        guard let template else {
            throw CommandLineError("\(path) has no chat template (base model). Pass a .jinja file instead")
        }
        return template
    }
}
