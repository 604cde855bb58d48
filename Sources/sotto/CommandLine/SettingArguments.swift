import ArgumentParser
import Chat

/// The settings of a reply: those that most often change from one call to the next by their own names, and any other.
struct SettingArguments: ParsableArguments {
    @Option(help: "The random seed (default: a new one for every reply).")
    var seed: String?

    @Option(help: "0 always takes the likeliest token.")
    var temperature: String?

    @Option(help: "Tokens after which the reply is cut.")
    var maxTokens: String?

    @Option(help: "off computes no probable tokens ahead; replies are the same, only slower.")
    var speculation: String?

    @Option(help: "Whether the model thinks first: auto, on or off.")
    var think: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Any setting, such as top_p=0.9 or num_ctx=4096 for the length of the context; may be given again.",
            valueName: "name=value"))
    var others: [String] = []

    /// Every name that `--set` takes.
    static let names = SettingTable.rows.map(\.command).joined(separator: ", ")

    /// Checked by the same table as `/set` in the chat.
    func applied(to settings: GenerationSettings) throws -> GenerationSettings {
        var settings = settings
        let values = [
            ("seed", seed), ("temperature", temperature), ("max_tokens", maxTokens), ("speculation", speculation),
            ("think", think),
        ]
        for case let (name, text?) in values { try Self.set(name, to: text, in: &settings) }
        for pair in others {
            guard let sign = pair.firstIndex(of: "=") else {
                throw CommandLineError("--set takes NAME=VALUE, such as --set top_p=0.9, not '\(pair.prefix(40))'")
            }
            try Self.set(String(pair[..<sign]), to: String(pair[pair.index(after: sign)...]), in: &settings)
        }
        return settings
    }

    private static func set(_ name: String, to text: String, in settings: inout GenerationSettings) throws {
        do throws(SettingError) {
            let row = try SettingTable.row(named: name)
            try row.set(try row.parse(text), in: &settings)
        } catch .unknown(let name, suggestion: nil) {
            // The chat's hint is a command of the chat.
            throw CommandLineError("no setting is named '\(name.prefix(40))'; 'sotto run --help' lists them all")
        }
    }
}
