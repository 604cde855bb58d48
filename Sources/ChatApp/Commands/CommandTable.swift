import Chat
import TUI

/// Every slash command.
enum CommandTable {
    /// The commands that open a panel come from `PanelKind.all`.
    static let rows: [Command] = PanelKind.all.compactMap(Command.init(opening:)) + chat

    private static let chat: [Command] = [
        Command("new", aliases: ["clear"], "", "starts another session; this one is kept") { state, _ in
            state.startNewSession()
        },
        Command(
            "resume", "[NAME]", "opens another session, by title or id",
            complete: { state, _ in
                state.library.sessions.map { $0.title.isEmpty ? $0.id : $0.title }
            }
        ) { state, name throws(CommandError) in try state.resume(name) },
        Command("rename", "TITLE", "gives the session a title") { state, title throws(CommandError) in
            try state.rename(title)
        },
        Command("duplicate", "[TITLE]", "goes on in a copy of this session") { state, title throws(CommandError) in
            try state.duplicateSession(title)
        },
        Command("delete", "", "moves this session to the trash and starts another") { state, _ in
            state.deleteSession(state.session.record.id)
        },
        Command("restore", "", "brings back the session that was deleted last") { state, _ throws(CommandError) in
            try state.restoreSession()
        },
        Command("search", "[TEXT]", "finds a text in every session") { state, text in state.searchSessions(text) },
        Command(
            "export", "[FILE | markdown | json]", "writes this session to a file",
            complete: { _, _ in
                SessionExport.Format.allCases.map(\.rawValue)
            }
        ) { state, words throws(CommandError) in try state.exportSession(words) },
        Command("import", "FILE", "makes a session of one that was exported as JSON") { _, file in
            [.session(.importFile(file))]
        },
        Command("file", "PATH", "attaches a text file to the message; so does @path in it") { $0.attachFile($1) },
        Command(
            "detach", "[NAME]", "takes an attached file away, the last one where none is named",
            complete: { state, _ in
                state.composer.attachments.map(\.name)
            }
        ) { state, name throws(CommandError) in try state.detachFile(named: name) },
        Command(
            "model", "[NAME]", "chooses the model, also in mid-conversation",
            complete: { state, _ in
                state.library.models.filter { $0.problem == nil }.map(\.reference.name)
            }
        ) { state, name in state.useModel(named: name) },
        Command("download", "", "fetches the default model, where there is none") { state, _ throws(CommandError) in
            try state.startDownload()
        },
        Command(
            "load", "[NAME]", "reads a model into memory ahead of its first reply",
            complete: { state, _ in
                state.library.models.filter { $0.problem == nil }.map(\.reference.name)
            }
        ) { state, name throws(CommandError) in [.loadModel(try state.model(named: name))] },
        Command(
            "unload", "[NAME]", "lets go of a model's memory",
            complete: { state, _ in
                state.library.models.filter { $0.problem == nil }.map(\.reference.name)
            }
        ) { state, name throws(CommandError) in [.unloadModel(try state.model(named: name))] },
        Command(
            "set", "[NAME VALUE]", "changes a setting, from the next token on; alone, lists them",
            complete: {
                state, typed in SettingCommands.completions(typed, state.session.record.settings)
            }
        ) { state, words throws(CommandError) in try state.set(words) },
        Command(
            "show", "[\(ShowTopic.list)]", "shows what is in effect",
            complete: { _, _ in
                ShowTopic.allCases.map(\.rawValue)
            }
        ) { state, topic throws(CommandError) in try state.show(topic) },
        Command("context", "", "shows what fills the model's window") { state, _ throws(CommandError) in
            try state.describeContext()
        },
        Command("stats", "", "shows the figures of this session's replies") { state, _ in
            state.showDocument("Figures", state.figures)
        },
        Command(
            "think", "[on|off|auto|show|fold|hide]", "whether the model thinks first, and how that is shown",
            complete: { _, _ in ["on", "off", "auto", "show", "fold", "hide"] }
        ) { state, word throws(CommandError) in try state.runThinkCommand(word) },
        Command("system", "[TEXT]", "sets the system prompt; \"none\" leaves it to the model's template") {
            $0.setSystem($1)
        },
        Command("regen", aliases: ["retry"], "", "makes another answer; the old one is kept") { state, _ in
            state.regenerateLatestReply()
        },
        Command("continue", "", "goes on with the last reply where it ends") { state, _ throws(CommandError) in
            try state.continueReply()
        },
        Command("edit", "[N]", "edits an earlier message; Enter begins a branch with it") {
            state, number throws(CommandError) in try state.editMessage(numbered: number)
        },
        Command("editor", aliases: ["compose"], "", "writes the message in $VISUAL or $EDITOR") { state, _ in
            [.editDraft(state.composer.input.text)]
        },
        Command("compare", "[N]", "shows two alternatives of a message side by side") {
            state, number throws(CommandError) in try state.compare(number)
        },
        Command("find", "[TEXT]", "searches the conversation; n and N go from match to match") { state, text in
            state.find(text)
        },
        Command("undo", "", "brings back what was deleted last") { state, _ in state.undoDelete() },
        Command("stop", "", "stops the reply, or a download") { state, _ throws(CommandError) in
            if state.session.reply != nil { return state.stopReply() }
            if state.library.download != nil { return state.stopDownload() }
            throw CommandError("there is nothing to stop: no reply is being written and nothing is fetched")
        },
        Command("raw", "", "shows replies as they were written, or as Markdown again") { state, _ in
            state.toggleSource()
            return []
        },
        Command(
            "preset", "[NAME | save NAME | export NAME [FILE] | import FILE]",
            "applies named settings, or saves these", complete: { $0.completePreset($1) }
        ) { state, name throws(CommandError) in try state.usePreset(name) },
        Command(
            "theme", "[NAME | reload]", "changes the colours, or reads the files again",
            complete: { state, _ in
                state.library.themes.map(\.name) + ["reload"]
            }
        ) {
            state, name throws(CommandError) in try state.useTheme(named: name)
        },
        Command(
            "tokens", "[on | off]", "how likely each word of the last reply was; on colours all replies by it",
            complete: { _, _ in ["on", "off"] }
        ) { state, word throws(CommandError) in try state.showTokens(word) },
        Command(
            "copy", "[code [N]]", "puts the latest reply, or code in it, on the clipboard",
            complete: { _, _ in
                ["code"]
            }
        ) { state, what throws(CommandError) in try state.copyReply(what) },
        Command(
            "mouse", "[on|off]", "takes the mouse, or leaves it to the terminal for selecting text",
            complete: { _, _ in
                ["on", "off"]
            }
        ) { state, word throws(CommandError) in try state.setMouse(word) },
        Command("quit", aliases: ["bye", "exit", "q"], "", "leaves; the session is saved") { state, _ in
            state.quit()
        },
    ]

    static func command(named name: String) -> Command? { byName[name.lowercased()] }

    /// All names and aliases, without the slash.
    static var names: [String] { rows.flatMap { [$0.name] + $0.aliases } }

    private static let byName: [String: Command] = Dictionary(
        rows.flatMap { row in ([row.name] + row.aliases).map { ($0, row) } }, uniquingKeysWith: { first, _ in first })
}
