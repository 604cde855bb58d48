import Chat
import Sampling
import Testing

@Suite struct SettingTableTests {
    private func set(_ name: String, _ text: String) throws -> GenerationSettings {
        var settings = GenerationSettings()
        let row = try SettingTable.row(named: name)
        try row.set(row.parse(text), in: &settings)
        return settings
    }

    private func errorMessage(_ name: String, _ text: String) -> String {
        do {
            _ = try set(name, text)
            return "no error"
        } catch { return "\(error)" }
    }

    @Test func namesAreDistinctAndComplete() {
        let names = SettingTable.rows.flatMap { Set([$0.command, $0.name] + $0.aliases) }
        #expect(Set(names.map { $0.lowercased() }).count == names.count)
        // One row for each stored property of both types, except `sampling` itself.
        let mirrors = [Mirror(reflecting: SamplingSettings()), Mirror(reflecting: GenerationSettings())]
        let fields = mirrors.reduce(0) { $0 + $1.children.count } - 1
        #expect(SettingTable.rows.count == fields)
        #expect(SettingTable.rows.compactMap(\.needs).allSatisfy { (try? SettingTable.row(named: $0)) != nil })
    }

    @Test(arguments: [
        ("4k", 4096), ("4K", 4096), ("1m", 1 << 20), ("auto", 0), ("Automatic", 0), ("off", 0), ("512", 512),
    ])
    func sizesAreWrittenAsPeopleDo(text: String, size: Int) throws {
        #expect(try set("num_ctx", text).contextLength == size)
    }

    @Test(arguments: ["k", "-4k", "4kk", "9223372036854775807k", "aut", "4.5k", "a"])
    func otherSizesAreRefused(text: String) {
        #expect(errorMessage("num_ctx", text).hasPrefix("num_ctx must be a whole number from 0 to 16777216"))
    }

    @Test(arguments: ["temp", "TEMPERATURE", "Temperature"])
    func temperatureHasAliases(_ name: String) throws { #expect(try set(name, "0.3").sampling.temperature == 0.3) }

    @Test(arguments: [
        ("top-k", "topK"), ("top_k", "topK"), ("TOPK", "topK"), ("num_predict", "maxTokens"),
        ("max-tokens", "maxTokens"),
        ("num_ctx", "contextLength"), ("contextLength", "contextLength"), ("repeat_penalty", "repeatPenalty"),
        ("mirostat_tau", "mirostatTau"), ("typical", "typicalP"), ("repeat-last-n", "repeatLastN"),
    ])
    func rowsAreFoundByCommonNames(name: String, json: String) throws {
        #expect(try SettingTable.row(named: name).name == json)
    }

    @Test func everyValueIsParsedFromItsText() throws {
        for row in SettingTable.rows {
            for steps in [0, 1, 3, -2] {
                var settings = GenerationSettings()
                row.nudge(&settings, by: steps)
                #expect(try row.parse(row.text(in: settings)) == row.value(in: settings), "\(row.name)")
            }
        }
        #expect(try set("seed", "18446744073709551615").sampling.seed == .max)
        #expect(try set("seed", "random").sampling.seed == nil)
        #expect(try set("stop", #"### "User: \n" \"quoted\""#).stop == ["###", "User: \n", "\"quoted\""])
        #expect(try set("stop", "none").stop == [])
        #expect(try set("logit_bias", "42=-inf, 7=1.5").sampling.logitBias == [42: -.infinity, 7: 1.5])
        #expect(try set("mirostat", "2").sampling.mirostat == .v2)
        #expect(try set("top_p", "off").sampling.topP == 1)
        #expect(try !set("speculation", "off").speculation && set("speculation", "On").speculation)
        #expect(try set("repeat_last_n", "Whole context").sampling.repeatLastN == -1)
        #expect(try set("num_ctx", "automatic").contextLength == 0 && set("num_ctx", "off").contextLength == 0)
        #expect(try set("think", "OFF").thinking == .off)
        #expect(try set("enable_thinking", "true").thinking == .on)
        let row = try SettingTable.row(named: "stop")
        for texts in [["a b", "c\"d\\", "\t\n"], ["off"], ["none"], ["\u{1b}[31m", "🇨🇭"]] {
            #expect(try row.parse(SettingValue.strings(texts).description) == .strings(texts))
        }
    }

    @Test func errorsSayWhatIsAllowed() {
        #expect(errorMessage("temperature", "hot") == "temperature must be a number from 0 to 5, not \"hot\"")
        #expect(errorMessage("temperature", "5.1") == "temperature must be a number from 0 to 5, not \"5.1\"")
        #expect(errorMessage("temperature", "nan") == "temperature must be a number from 0 to 5, not \"nan\"")
        #expect(errorMessage("top_k", "-1") == "top_k must be a whole number from 0 to 1000000 (0 is off), not \"-1\"")
        #expect(
            errorMessage("repeat_last_n", "-2")
                == "repeat_last_n must be a whole number from -1 to 1000000 (-1 is whole context, 0 is off), not \"-2\""
        )
        #expect(errorMessage("tempp", "1") == "Unknown setting \"tempp\". Did you mean temp?")
        #expect(errorMessage("temprature", "1") == "Unknown setting \"temprature\". Did you mean temperature?")
        #expect(errorMessage("xyzzy", "1") == "Unknown setting \"xyzzy\". /show settings lists all settings")
        #expect(errorMessage("speculation", "perhaps") == "speculation must be on or off, not \"perhaps\"")
        #expect(errorMessage("seed", "-2").hasPrefix("seed must be a whole number from 0 to"))
        #expect(errorMessage("think", "hard") == "think must be one of auto, on, off, not \"hard\"")
        #expect(errorMessage("stop", "\"open").hasPrefix("stop must be up to 256 strings"))
        #expect(errorMessage("logit_bias", "1:2").hasPrefix("logit_bias must be up to 256 pairs"))
        #expect(!errorMessage(String(repeating: "é", count: 100_000), "1").contains(String(repeating: "é", count: 100)))
    }

    /// "off" is used only for values that have no effect.
    @Test(arguments: [
        ("top_k", "40"), ("seed", "random"), ("logit_bias", "none"), ("stop", "none"), ("repeat_last_n", "64"),
        ("dry_multiplier", "off"), ("dry_penalty_last_n", "whole context"), ("dry_base", "1.75"), ("mirostat", "off"),
        ("reasoning_budget", "unlimited"), ("num_ctx", "automatic"), ("speculation", "on"), ("think", "auto"),
    ])
    func specialValuesHaveNames(name: String, text: String) throws {
        #expect(try SettingTable.row(named: name).text(in: GenerationSettings()) == text)
    }

    @Test func nudgingStaysOnStepsAndInRange() throws {
        var settings = GenerationSettings()
        let temperature = try SettingTable.row(named: "temperature")
        temperature.nudge(&settings, by: -1)
        #expect(settings.sampling.temperature == 0.75)
        temperature.nudge(&settings, by: 1000)
        #expect(settings.sampling.temperature == 5)
        temperature.nudge(&settings, by: .min / 2)
        #expect(settings.sampling.temperature == 0)
        let think = try SettingTable.row(named: "think")
        for steps in [Int.min, -1, 0] {
            think.nudge(&settings, by: steps)
            #expect(settings.thinking == .auto)
        }
        think.nudge(&settings, by: 1)
        #expect(settings.thinking == .on)
        think.nudge(&settings, by: .max)
        #expect(settings.thinking == .off)
        let context = try SettingTable.row(named: "num_ctx")
        settings.contextLength = 1500
        context.nudge(&settings, by: 1)
        #expect(settings.contextLength == 2048)
        settings.contextLength = 1500
        context.nudge(&settings, by: -1)
        #expect(settings.contextLength == 1024)
    }

    @Test func settingsAreInactiveWithoutTheOneTheyNeed() throws {
        var settings = GenerationSettings()
        let base = try SettingTable.row(named: "dry_base")
        #expect(!base.isActive(in: settings))
        settings.sampling.dryMultiplier = 0.8
        #expect(base.isActive(in: settings))
        #expect(try SettingTable.row(named: "top_k").isActive(in: settings))
        settings.sampling.topK = 0
        #expect(try !SettingTable.row(named: "top_k").isActive(in: settings))
    }

    @Test func clampingReturnsTheNearestValue() throws {
        #expect(try SettingTable.row(named: "top_p").clamped(.number(7)) == .number(1))
        #expect(try SettingTable.row(named: "top_k").clamped(.integer(-7)) == .integer(0))
        #expect(try SettingTable.row(named: "top_k").clamped(.number(1)) == nil)
    }
}
