import BuildInfo
import Chat
import ChatApp
import Foundation

/// The manual page sotto(1), in the man macros of roff.
struct ManualPage {
    private let content: ReferenceContent

    init(_ content: ReferenceContent) { self.content = content }

    var text: String {
        let date = Date.now.formatted(.iso8601.year().month().day())
        return ".TH SOTTO 1 \(date) \"sotto \(BuildInfo.version)\" \"User Commands\"\n"
            + section("NAME") + "sotto \\- chat with a language model in the terminal\n"
            + section("SYNOPSIS") + ".B sotto\n.RI [ \"chat options\" ]\n.br\n.B sotto\n.I command\n.RI [ options ]\n"
            + section("DESCRIPTION")
            + Roff.paragraph((content.program.abstract ?? "") + " " + (content.program.standard?.discussion ?? ""))
            + section("CHAT OPTIONS") + content.chatOptions.map(argument).joined()
            + section("COMMANDS") + commands + section("KEYS") + keys
            + section("CHAT COMMANDS") + content.chatCommands.map(chatCommand).joined()
            + section("SETTINGS") + settings
            + section("ENVIRONMENT") + entries(ReferenceContent.environment)
            + section("FILES") + entries(ReferenceContent.files)
            + section("EXIT STATUS") + entries(ReferenceContent.exitStatuses)
            + section("EXAMPLES") + entries(ReferenceContent.examples)
    }

    private var commands: String {
        content.commandGroups.flatMap(\.commands).filter { $0.commandName != "chat" }.map { command in
            var text = ".SS \(Roff.literal(command.usage))\n" + Roff.paragraph(command.abstract ?? "")
            if let aliases = command.aliases { text += Roff.paragraph("Aliases: \(aliases.joined(separator: ", ")).") }
            for paragraph in (command.discussion ?? "").split(separator: "\n\n") {
                text += ".PP\n" + Roff.paragraph(String(paragraph))
            }
            return text + (command.positionals + command.options).map(argument).joined()
        }.joined()
    }

    private func argument(_ argument: CommandTree.Argument) -> String { Roff.entry(argument.label, argument.text) }

    private var keys: String {
        content.keys.map { group in
            ".SS \(Roff.literal(group.title))\n" + group.keys.map { Roff.entry($0.name, $0.summary) }.joined()
        }.joined()
    }

    private func chatCommand(_ command: Reference.Entry) -> String {
        Roff.entry(([command.name] + command.aliases).joined(separator: ", "), command.summary)
    }

    private var settings: String {
        Roff.paragraph("Change them with /set NAME VALUE in the chat, or with sotto run --set NAME=VALUE.")
            + content.settingGroups.map { title, rows in
                ".SS \(Roff.literal(title))\n" + rows.map(setting).joined()
            }.joined()
    }

    private func setting(_ row: SettingRow) -> String {
        let needs = row.needs.map { " Needs \($0)." } ?? ""
        return Roff.entry(
            ([row.command] + row.aliases).joined(separator: ", "),
            "\(row.summary). Values: \(row.expectation). Default: \(row.standardText).\(needs)")
    }

    private func entries(_ entries: [ReferenceContent.Entry]) -> String {
        entries.map { Roff.entry($0.name, $0.text) }.joined()
    }

    private func section(_ title: String) -> String { ".SH \(title)\n" }
}

/// Text as roff source.
enum Roff {
    /// A tagged paragraph: a label in bold and an explanation.
    static func entry(_ label: String, _ text: String) -> String { ".TP\n.B \(literal(label))\n" + paragraph(text) }

    /// Lines of at most 78 bytes. Sentences start new lines, as roff expects.
    static func paragraph(_ text: String) -> String {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace).map(String.init) {
            if !line.isEmpty, width(line) + width(word) >= 78 || line.last == "." {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        if !line.isEmpty { lines.append(line) }
        return lines.map { escaped($0) + "\n" }.joined()
    }

    /// The number of bytes after groff's preprocessor `preconv`, which writes a non-ASCII character as `\[uXXXX]`.
    private static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + ($1.isASCII ? 1 : 8) }
    }

    /// Text to be typed as it is: hyphens stay hyphens.
    static func literal(_ text: String) -> String {
        escaped(text).replacing("-", with: "\\-").replacing("\"", with: "\\(dq")
    }

    private static func escaped(_ text: String) -> String {
        let text = text.replacing("\\", with: "\\e")
        return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&\(text)" : text
    }
}
