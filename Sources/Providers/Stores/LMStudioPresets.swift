import Chat
import Files
import Foundation
import JSON

/// The presets of LM Studio, with the fields that exist here. They are only read.
public enum LMStudioPresets {
    /// In bytes, of one file.
    private static let byteLimit = 1 << 20
    private static let countLimit = 200
    private static let suffix = ".preset.json"

    /// The presets that can be used, named after their origin: "Writer - LM Studio". Files that are not presets are
    /// skipped: LM Studio's errors are not the user's concern here.
    public static func all(_ locations: StoreLocations = .current) -> [Preset] {
        let files = LMStudioStore.homes(locations).flatMap { home in
            let folder = home.appending(path: "config-presets").path(percentEncoded: false)
            return FileIO<ModelFileError>.entries(folder).filter { $0.hasSuffix(suffix) }.sorted()
                .map { "\(folder)/\($0)" }
        }
        var found: [String: Preset] = [:]
        for file in files.prefix(countLimit) {
            guard let preset = read(file), found[preset.name] == nil else { continue }
            found[preset.name] = preset
        }
        return found.values.sorted { $0.name < $1.name }
    }

    private static func read(_ path: String) -> Preset? {
        guard let bytes = try? FileIO<ModelFileError>.read(path, limit: byteLimit),
            let fields = (try? JSONReader.read(bytes))?.object,
            let items = fields["operation"]?.object?["fields"]?.array
        else { return nil }
        let fallback = String(URL(filePath: path).lastPathComponent.dropLast(suffix.count))
        guard let name = presetName(fields["name"]?.string ?? fallback) else { return nil }
        var preset = Preset(name: name, summary: "from LM Studio", system: nil, settings: GenerationSettings())
        for item in items.compactMap(\.object) {
            guard let key = item["key"]?.string, let value = item["value"] else { continue }
            apply(key, value, to: &preset)
        }
        return preset
    }

    /// A name that presets can have, with its origin; nil if nothing is left of it.
    private static func presetName(_ text: String) -> String? {
        let origin = " - LM Studio"
        let allowed = text.map { $0.isLetter || $0.isNumber || " -_.".contains($0) ? $0 : "-" }
        let trimmed = String(allowed).trimmingCharacters(in: CharacterSet(charactersIn: " ."))
        let name = trimmed.prefix(64 - origin.count) + origin
        return !trimmed.isEmpty && Preset.isValidName(String(name)) ? String(name) : nil
    }

    /// LM Studio's names of the settings that exist here.
    private static let settings = [
        "llm.prediction.temperature": "temperature", "llm.prediction.topKSampling": "top_k",
        "llm.prediction.topPSampling": "top_p", "llm.prediction.minPSampling": "min_p",
        "llm.prediction.repeatPenalty": "repeat_penalty", "llm.prediction.maxPredictedTokens": "max_tokens",
    ]

    /// A value outside the setting's range is left out.
    private static func apply(_ key: String, _ value: JSONValue, to preset: inout Preset) {
        switch key {
        case "llm.prediction.systemPrompt":
            if let text = value.string, !text.isEmpty { preset.system = text }
        case "llm.prediction.stopStrings":
            let strings = value.array?.compactMap(\.string).filter { !$0.isEmpty } ?? []
            preset.settings.stop = Array(strings.prefix(SettingValue.listLimit))
        default:
            guard let name = settings[key], let row = try? SettingTable.row(named: name) else { return }
            // A setting with a check box: {"checked": true, "value": 0.95}.
            let box = value.object
            if box?["checked"]?.bool == false {
                if let off = row.off { try? row.set(off, in: &preset.settings) }
            } else if case .number(let text) = box?["value"] ?? value, let parsed = try? row.parse(text) {
                try? row.set(parsed, in: &preset.settings)
            }
        }
    }
}
