import ArgumentParser
import Foundation

/// A command with its arguments and subcommands, as ArgumentParser describes it.
struct CommandTree: Decodable {
    let commandName: String
    let superCommands: [String]?
    let aliases: [String]?
    let abstract: String?
    let discussion: String?
    let defaultSubcommand: String?
    let subcommands: [CommandTree]?
    let shouldDisplay: Bool
    private let arguments: [Argument]?

    struct Argument: Decodable {
        let kind: Kind
        let shouldDisplay: Bool
        let isOptional: Bool
        let isRepeating: Bool
        let names: [Name]?
        let valueName: String?
        let defaultValue: String?
        let allValues: [String]?
        let completionKind: Completion?
        let abstract: String?

        enum Kind: String, Decodable { case positional, option, flag }

        /// Whether every command has it.
        var isCommon: Bool { !Set(spellings).isDisjoint(with: ["--help", "--version"]) }

        /// As typed: "--model", "-t".
        var spellings: [String] { (names ?? []).map { ($0.kind == .long ? "--" : "-") + $0.name } }
    }

    struct Name: Decodable {
        let kind: Kind
        let name: String

        enum Kind: String, Decodable { case long, short, longWithSingleDash }
    }

    /// What an argument's value can be completed with.
    enum Completion: Decodable {
        case list([String])
        case file(extensions: [String])
        case source(CompletionSource)

        private enum CodingKeys: CodingKey { case list, file, directory, shellCommand }
        private enum ListKeys: CodingKey { case values }
        private enum FileKeys: CodingKey { case extensions }
        private enum ShellKeys: CodingKey { case command }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            if container.contains(.list) {
                let list = try container.nestedContainer(keyedBy: ListKeys.self, forKey: .list)
                self = .list(try list.decode([String].self, forKey: .values))
            } else if container.contains(.file) {
                let file = try container.nestedContainer(keyedBy: FileKeys.self, forKey: .file)
                self = .file(extensions: try file.decode([String].self, forKey: .extensions))
            } else if container.contains(.directory) {
                self = .file(extensions: [])
            } else {
                let shell = try container.nestedContainer(keyedBy: ShellKeys.self, forKey: .shellCommand)
                guard let source = CompletionSource(command: try shell.decode(String.self, forKey: .command)) else {
                    throw DecodingError.dataCorruptedError(
                        forKey: .command, in: shell, debugDescription: "not a completion source")
                }
                self = .source(source)
            }
        }
    }

    /// The complete program. ArgumentParser exports it as JSON, for tools like this one; its types are not public.
    static func program() throws -> CommandTree {
        struct Dump: Decodable { let command: CommandTree }
        return try JSONDecoder().decode(Dump.self, from: Data(Sotto._dumpHelp().utf8)).command
    }

    private var allArguments: [Argument] { arguments ?? [] }

    var positionals: [Argument] { allArguments.filter { $0.kind == .positional && $0.shouldDisplay } }

    /// The command's own options.
    var options: [Argument] {
        allArguments.filter { $0.kind != .positional && $0.shouldDisplay && !$0.isCommon }
    }

    /// The options that every command has.
    var commonOptions: [Argument] { allArguments.filter(\.isCommon) }

    /// The subcommand that runs if none is named.
    var standard: CommandTree? { defaultSubcommand.flatMap(subcommand) }

    func subcommand(named name: String) -> CommandTree? {
        subcommands?.first { $0.commandName == name || ($0.aliases ?? []).contains(name) }
    }
}
