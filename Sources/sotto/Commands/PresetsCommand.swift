import ArgumentParser
import Chat

/// `sotto presets`: named settings.
struct PresetsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "presets", abstract: "List presets, or show what one sets.")

    @Argument(help: "A preset to show.")
    var name: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let presets: [Preset]
        if let name {
            presets = [try Catalogue.current.preset(name)]
        } else {
            let found = Catalogue.current.presets()
            found.problems.forEach { StandardError.write("sotto: \($0)\n") }
            presets = found.presets
        }
        if json { return try StandardOutput.writeJSON(presets.map(Report.init)) }
        let rows = name == nil ? presets.map { [$0.name, $0.summary] } : presets.flatMap(Self.details)
        try StandardOutput.write(StandardOutput.presentable(TextTable.text(rows)))
    }

    private static func details(_ preset: Preset) -> [[String]] {
        [["name", preset.name], ["summary", preset.summary], ["system", preset.system ?? ""]]
            + SettingTable.rows.map { [$0.command, $0.text(in: preset.settings)] }
    }

    private struct Report: Encodable {
        let name: String
        let summary: String
        let system: String?
        let settings: [String: String]

        init(_ preset: Preset) {
            name = preset.name
            summary = preset.summary
            system = preset.system
            settings = Dictionary(
                uniqueKeysWithValues: SettingTable.rows.map { ($0.name, $0.text(in: preset.settings)) })
        }
    }
}
