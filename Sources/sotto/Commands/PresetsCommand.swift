import ArgumentParser
import Chat
import JSON
import Sessions

/// `sotto presets`: named settings.
struct PresetsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "presets", abstract: "List, show, export, import and remove presets.",
        subcommands: [List.self, Show.self, Export.self, Import.self, Remove.self], defaultSubcommand: List.self)

    private static var store: PresetStore { Catalogue.current.presets }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List every preset, yours and those that came along.")

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let (presets, problems) = store.list()
            problems.forEach { StandardError.writeLine("sotto: \($0)") }
            if json { return try StandardOutput.writeJSON(.array(presets.map { $0.json })) }
            let rows = presets.map { [$0.name, $0.summary] }
            try StandardOutput.write(StandardOutput.presentable(TextTable.text(rows)))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show what a preset sets.")

        @Argument(help: "The preset's name.")
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
        static let configuration = CommandConfiguration(abstract: "Print a preset's file, or write it to another.")

        @Argument(help: "The preset's name.")
        var name: String
        @Argument(help: "The file to write, which must not be there yet.")
        var file: String?
        @Flag(help: "Print JSON: what was written where, or the text.")
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
            abstract: "Make a preset of yours of one that was exported, and print its name.")

        @Argument(help: "The file.")
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
            abstract: "Remove a preset of yours.", aliases: ["rm", "delete"])

        @Argument(help: "The preset's name.")
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
