import Chat
import TUI

/// Previews of the palette's entries that no other list has.
extension AppState {
    func commandPreview(_ name: String, width: Int) -> [StyledLine] {
        guard let command = CommandTable.command(named: name) else { return [] }
        var page = PreviewPage(width: width)
        page.title(command.usage)
        page.text(command.summary)
        page.blank()
        page.row("alias", command.aliases.isEmpty ? nil : command.aliases.map { "/\($0)" }.joined(separator: ", "))
        page.row("Enter", command.worksWithoutArguments ? "run" : "insert into the input line")
        let arguments = command.complete(self, "")
        guard !arguments.isEmpty else { return page.lines }
        page.blank()
        page.text("examples", .muted)
        for argument in arguments.prefix(Self.shownArguments) { page.text(argument) }
        if arguments.count > Self.shownArguments { page.text("…", .muted) }
        return page.lines
    }

    private static let shownArguments = 8

    func settingPreview(_ name: String, width: Int) -> [StyledLine] {
        guard let row = try? SettingTable.row(named: name) else { return [] }
        var page = PreviewPage(width: width)
        page.title(row.command)
        page.text(row.summary)
        page.blank()
        page.row("now", row.text(in: session.record.settings))
        page.row("preset", row.text(in: presetSettings))
        let (own, problem) = availability(of: row)
        page.row("allowed", problem ?? own.expectation)
        page.row(
            "in effect", row.isActive(in: session.record.settings) ? nil : row.needs.map { "no, needs \($0)" } ?? "no")
        return page.lines
    }

    /// Samples of the theme's styles. The screen shows the theme meanwhile.
    func themePreview(_ name: String, width: Int) -> [StyledLine] {
        var page = PreviewPage(width: width)
        page.title(name)
        let samples: [(String, StyleRole)] = [
            ("A heading", .heading), ("text", .text), ("strong", .strong), ("emphasis", .emphasis), ("code", .code),
            ("a link", .link), ("a quotation", .quote), ("a keyword", .syntaxKeyword), ("\"a string\"", .syntaxString),
            ("// a comment", .syntaxComment), ("a warning", .warning), ("an error", .error),
        ]
        for (text, role) in samples { page.text(text, role) }
        let problems = library.themes.first { $0.name == name }?.problems ?? []
        if !problems.isEmpty { page.blank() }
        for problem in problems { page.text("! \(problem)", .warning) }
        return page.lines
    }

    func keyPreview(_ action: KeyAction, in context: KeyContext, width: Int) -> [StyledLine] {
        let rows = KeyMap.rows.filter { $0.action == action && $0.group.applies(context) }
        guard let row = rows.first else { return [] }
        var page = PreviewPage(width: width)
        page.title(row.keyNames)
        page.text(row.summary)
        page.blank()
        page.row("where", row.group.title)
        return page.lines
    }
}
