import ArgumentParser
import Chat
import JSON
import Sessions

/// `sotto presets`: manages presets.
struct PresetsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "presets", abstract: "List, show, export, import and remove presets.",
        subcommands: [List.self, Show.self, Export.self, Import.self, Remove.self], defaultSubcommand: List.self)

    private static var store: PresetStore { Catalogue.current.presets }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List all presets, yours and the built-in ones.")

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let (presets, problems) = store.list()
            for problem in problems { StandardError.writeLine("sotto: \(problem)") }
            if json { return try StandardOutput.writeJSON(.array(presets.map { $0.json })) }
            let rows = presets.map { [$0.name, $0.summary] }
            try StandardOutput.write(StandardOutput.presentable(TextTable.list(["NAME", "SUMMARY"], rows)))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a preset's settings.")

        @Argument(help: "The preset's name.", completion: .values(.presets))
        var name: String
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let preset = try store.load(name)
            if json { return try StandardOutput.writeJSON(preset.json) }
            try StandardOutput.write(StandardOutput.presentable(TextTable.text(PresetsCommand.details(preset))))
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print a preset's file, or write it to another file.")

        @Argument(help: "The preset's name.", completion: .values(.presets))
        var name: String
        @Argument(help: "Output file; must not exist.", completion: .file())
        var file: String?
        @Flag(help: "Print JSON with the name, and the file or the text.")
        var json = false

        func run() throws {
            let name = try store.load(name).name
            let text = file == nil ? try store.text(of: name) : nil
            if let file { try store.export(name, to: file) }
            if json {
                try StandardOutput.writeJSON(["name": name, "file": file, "text": text].compactMapValues(\.self))
            } else if let text {
                try StandardOutput.write(StandardOutput.presentable(text))
            }
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import a preset file and print its name.")

        @Argument(help: "The file.", completion: .file(extensions: ["json"]))
        var file: String
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let preset = try store.importFile(file)
            if json {
                try StandardOutput.writeJSON(preset.json)
            } else {
                try StandardOutput.write("\(preset.name)\n")
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove one of your presets.", aliases: ["rm", "delete"])

        @Argument(help: "The preset's name.", completion: .values(.presets))
        var name: String
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            try store.remove(name)
            if json { try StandardOutput.writeJSON(["name": name]) }
        }
    }

    fileprivate static func details(_ preset: Preset) -> [[String]] {
        [["name", preset.name], ["summary", preset.summary], ["system", preset.system ?? ""]]
            + SettingTable.rows.map { [$0.command, $0.text(in: preset.settings)] }
    }
}
