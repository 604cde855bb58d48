import ArgumentParser
import Chat

/// The settings that most often change from one call to the next.
struct SettingArguments: ParsableArguments {
    @Option(help: "The random seed (default: a new one for every reply).")
    var seed: UInt64?

    @Option(help: "0 always takes the likeliest token.")
    var temperature: String?

    @Option(help: "Tokens after which the reply is cut.")
    var maxTokens: String?

    @Option(help: "off computes no probable tokens ahead; replies are the same, only slower.")
    var speculation: String?

    @Option(help: "Whether the model thinks first: auto, on or off.")
    var think: String?

    /// Checked by the same table as `/set` in the chat.
    func applied(to settings: GenerationSettings) throws -> GenerationSettings {
        var settings = settings
        let values = [
            ("seed", seed.map(String.init)), ("temperature", temperature), ("max_tokens", maxTokens),
            ("speculation", speculation), ("think", think),
        ]
        for case let (name, text?) in values {
            let row = try SettingTable.row(named: name)
            try row.set(try row.parse(text), in: &settings)
        }
        return settings
    }
}
