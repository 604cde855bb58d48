/// The fields between the lines `---` at the start of a README.md, as model hubs read them: the license is one.
/// (https://huggingface.co/docs/hub/model-cards)
enum ModelCard {
    private static let fields = ["license", "license_name", "license_link"]

    /// What a README says about the license, one line per field. Only plain texts are read, which licenses are.
    static func license(in readme: String) -> [String] {
        let lines = readme.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard lines.first?.trimmingPrefix("\u{FEFF}") == "---" else { return [] }
        var values: [String: String] = [:]
        for line in lines.dropFirst().prefix(1000) {
            guard line != "---" else { break }
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, fields.contains(String(parts[0])) else { continue }
            let value = parts[1].trimmingPrefix { $0 == " " }.filter { $0 != "\"" && $0 != "'" }
            if !value.isEmpty { values[String(parts[0])] = String(value.prefix(200)) }
        }
        return fields.compactMap { values[$0] }
    }
}
