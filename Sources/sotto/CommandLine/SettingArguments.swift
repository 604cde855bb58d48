import ArgumentParser
import Chat

/// The settings of a reply: options for the most common ones, and `--set` for all.
struct SettingArguments: ParsableArguments {
    @Option(help: "Random seed (default: a new one for every reply).", completion: .values(.setting("seed")))
    var seed: String?

    @Option(
        help: ArgumentHelp("Randomness; 0 always picks the most likely token.", valueName: "number"),
        completion: .values(.setting("temperature")))
    var temperature: String?

    @Option(
        help: ArgumentHelp("Maximum length of the reply, in tokens.", valueName: "tokens"),
        completion: .values(.setting("max_tokens")))
    var maxTokens: String?

    @Option(
        help: ArgumentHelp("on or off: speculative decoding (same output, faster).", valueName: "on|off"),
        completion: .values(.setting("speculation")))
    var speculation: String?

    @Option(
        help: ArgumentHelp("Let the model think first: auto, on or off.", valueName: "auto|on|off"),
        completion: .values(.setting("think")))
    var think: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Any setting, such as top_p=0.9 or num_ctx=4096 (repeatable).", valueName: "name=value"),
        completion: .values(.assignments))
    var others: [String] = []

    /// Every name that `--set` accepts.
    static let names = SettingTable.rows.map(\.command).joined(separator: ", ")

    /// Parsed and checked by the same table as `/set` in the chat.
    func applied(to settings: GenerationSettings) throws -> GenerationSettings {
        var settings = settings
        let values = [
            ("seed", seed), ("temperature", temperature), ("max_tokens", maxTokens), ("speculation", speculation),
            ("think", think),
        ]
        for case (let name, let text?) in values { try Self.set(name, to: text, in: &settings) }
        for pair in others {
            guard let sign = pair.firstIndex(of: "=") else {
                throw CommandLineError("--set must be NAME=VALUE, such as --set top_p=0.9, not \"\(pair.prefix(40))\"")
            }
            try Self.set(String(pair[..<sign]), to: String(pair[pair.index(after: sign)...]), in: &settings)
        }
        return settings
    }

    /// Whether the arguments limit the reply's length.
    var limitTokens: Bool {
        let name = "max_tokens"
        return maxTokens != nil
            || others.contains { (try? SettingTable.row(named: String($0.prefix { $0 != "=" })))?.command == name }
    }

    private static func set(_ name: String, to text: String, in settings: inout GenerationSettings) throws {
        do throws(SettingError) {
            let row = try SettingTable.row(named: name)
            try row.set(try row.parse(text), in: &settings)
        } catch .unknown(let name, suggestion: nil) {
            // The error's own hint is a slash command.
            throw CommandLineError("Unknown setting \"\(name.prefix(40))\". \"sotto run --help\" lists them all")
        }
    }
}
