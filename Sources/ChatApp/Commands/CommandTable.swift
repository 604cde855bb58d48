import Chat
import TUI

/// Every slash command.
enum CommandTable {
    static let rows: [Command] = [
        Command("help", aliases: ["?"], "", "keys and commands") { state, _ in state.open(.help) },
        Command("new", aliases: ["clear"], "", "starts another session; this one is kept") { state, _ in
            state.startNewSession()
        },
        Command("resume", "[NAME]", "opens another session, by title or id", complete: { state, _ in
            state.sessions.map { $0.title.isEmpty ? $0.id : $0.title }
        }) { state, name throws(CommandError) in try state.resume(name) },
        Command("rename", "TITLE", "gives the session a title") { state, title throws(CommandError) in
            try state.rename(title)
        },
        Command("delete", "", "moves this session to the trash and starts another") { state, _ in
            state.deleteSession()
        },
        Command("model", "[NAME]", "chooses the model, also in mid-conversation", complete: { state, _ in
            state.models.filter { $0.problem == nil }.map(\.reference.name)
        }) { state, name in state.useModel(named: name) },
        Command("set", "NAME VALUE", "changes a setting, from the next token on", complete: { _, typed in
            SettingCommands.completions(typed)
        }) { state, words throws(CommandError) in try state.set(words) },
        Command("show", "[\(ShowTopic.list)]", "shows what is in effect", complete: { _, _ in
            ShowTopic.allCases.map(\.rawValue)
        }) { state, topic throws(CommandError) in try state.show(topic) },
        Command("system", "[TEXT]", "sets the system prompt; \"none\" leaves it to the model's template") {
            $0.setSystem($1)
        },
        Command("regen", aliases: ["retry"], "", "makes another answer; the old one is kept") { state, _ in
            state.regenerate()
        },
        Command("continue", "", "goes on with the last reply where it ends") { state, _ throws(CommandError) in
            try state.continueReply()
        },
        Command("edit", "[N]", "edits an earlier message; Enter begins a branch with it") {
            state, number throws(CommandError) in try state.edit(number)
        },
        Command("branch", aliases: ["tree"], "", "shows the tree of all branches") { state, _ in state.open(.branches) },
        Command("find", "[TEXT]", "searches the conversation; n and N go from match to match") { state, text in
            state.find(text)
        },
        Command("undo", "", "brings back what was deleted last") { state, _ in state.undoDelete() },
        Command("stop", "", "stops the reply") { state, _ in state.reply == nil ? [] : state.stopReply() },
        Command("preset", "[NAME | save NAME]", "applies named settings, or saves these", complete: { state, _ in
            state.presets.map(\.name)
        }) { state, name throws(CommandError) in try state.usePreset(name) },
        Command("theme", "[NAME]", "changes the colours", complete: { state, _ in state.themes.map(\.name) }) {
            state, name throws(CommandError) in try state.useTheme(named: name)
        },
        Command("copy", "[code [N]]", "puts the latest reply, or code in it, on the clipboard", complete: { _, _ in
            ["code"]
        }) { state, what throws(CommandError) in try state.copyReply(what) },
        Command("mouse", "[on|off]", "takes the mouse, or leaves it to the terminal for selecting text", complete: { _, _ in
            ["on", "off"]
        }) { state, word throws(CommandError) in try state.setMouse(word) },
        Command("quit", aliases: ["bye", "exit", "q"], "", "leaves; the session is saved") { state, _ in
            state.leave()
        },
    ]

    static func command(named name: String) -> Command? { byName[name.lowercased()] }

    /// All names and aliases, without the slash.
    static var names: [String] { rows.flatMap { [$0.name] + $0.aliases } }

    private static let byName: [String: Command] = Dictionary(
        rows.flatMap { row in ([row.name] + row.aliases).map { ($0, row) } }, uniquingKeysWith: { first, _ in first })
}
