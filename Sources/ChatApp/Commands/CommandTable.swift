import TUI

/// Every slash command.
enum CommandTable {
    /// The commands that open a panel come from `PanelKind.all`.
    static let rows: [Command] = PanelKind.all.compactMap(Command.init(opening:)) + chat

    private static let chat: [Command] = [
        Command("new", aliases: ["clear"], "", "start a new session; this one is kept") { state, _ in
            state.startNewSession()
        },
        Command(
            "resume", "[NAME]", "open another session, by title or id",
            complete: { state, _ in state.library.sessions.map { $0.title.isEmpty ? $0.id : $0.title } }
        ) { state, name throws(CommandError) in try state.resumeSession(named: name) },
        Command("rename", "TITLE", "rename this session") { state, title throws(CommandError) in
            try state.renameSession(to: title)
        },
        Command("duplicate", "[TITLE]", "duplicate this session and continue in the copy") {
            state, title throws(CommandError) in try state.duplicateSession(title: title)
        },
        Command("delete", "", "move this session to the trash and start a new one") { state, _ in
            state.deleteSession(state.session.record.id)
        },
        Command(
            "restore", "[NAME]", "restore the session that was deleted last, or another one, and open it",
            complete: { state, _ in state.library.trash.map { $0.title.isEmpty ? $0.id : $0.title } }
        ) { state, name in state.restoreSession(named: name) },
        Command("search", "[TEXT]", "search all sessions for a text") { state, text in state.searchSessions(text) },
        Command(
            "export", "[FILE | markdown | json]", "write this session to a file",
            complete: { _, _ in SessionExport.Format.allCases.map(\.rawValue) }
        ) { state, words throws(CommandError) in try state.exportSession(words) },
        Command("import", "FILE", "import a session exported as JSON") { _, file in [.session(.importFile(file))] },
        Command("file", "PATH", "attach a text file to the message, as @path in it does") { $0.attachFile($1) },
        Command(
            "detach", "[NAME]", "remove an attachment (the last one by default)",
            complete: { state, _ in state.composer.attachments.map(\.name) }
        ) { state, name throws(CommandError) in try state.detachFile(named: name) },
        Command("model", "[NAME]", "switch the model, at any point in a conversation", complete: completeModel) {
            state, name in state.chooseOrFindModel(named: name)
        },
        Command("download", "", "download the default model") { state, _ throws(CommandError) in
            try state.pullDefaultModel()
        },
        Command(
            "pull", "[ADDRESS | stop]", "fetch a model; alone, recommend some for this computer",
            complete: { state, _ in state.pullCompletions }
        ) { state, words throws(CommandError) in try state.runPullCommand(words) },
        Command(
            "template", "[FILE | default]", "use another chat template for this model; remembered",
            complete: { _, _ in ["default"] }
        ) { state, file throws(CommandError) in try state.runTemplateCommand(file) },
        Command("load", "[NAME]", "load a model into memory before its first reply", complete: completeModel) {
            state, name throws(CommandError) in [.loadModel(try state.model(named: name))]
        },
        Command("unload", "[NAME]", "unload a model from memory", complete: completeModel) {
            state, name throws(CommandError) in [.unloadModel(try state.model(named: name))]
        },
        Command(
            "set", "[NAME VALUE]", "change a setting, from the next token on; alone, list all settings",
            complete: { state, typed in SettingCommands.completions(typed, state.session.record.settings) }
        ) { state, words throws(CommandError) in try state.runSetCommand(words) },
        Command(
            "show", "[\(ShowTopic.list)]", "show what is in effect",
            complete: { _, _ in ShowTopic.allCases.map(\.rawValue) }
        ) { state, topic throws(CommandError) in try state.runShowCommand(topic) },
        Command("context", "", "show how full the model's context is") { state, _ throws(CommandError) in
            try state.describeContext()
        },
        Command("stats", "", "reply statistics for this session") { state, _ in
            state.showDocument("Statistics", state.statistics)
        },
        Command(
            "think", "[on|off|auto|show|fold|hide]", "whether the model thinks first, and how its reasoning is shown",
            complete: { _, _ in ["on", "off", "auto", "show", "fold", "hide"] }
        ) { state, word throws(CommandError) in try state.runThinkCommand(word) },
        Command("system", "[TEXT]", "set the system prompt; \"none\" removes it") { $0.runSystemCommand($1) },
        Command("regen", aliases: ["retry"], "", "regenerate the last reply; the old one is kept") { state, _ in
            state.regenerateLatestReply()
        },
        Command("continue", "", "continue the last reply") { state, _ throws(CommandError) in
            try state.continueReply()
        },
        Command("edit", "[N]", "edit an earlier message; Enter sends it as a new branch") {
            state, number throws(CommandError) in try state.editMessage(numbered: number)
        },
        Command("editor", aliases: ["compose"], "", "compose the message in $VISUAL or $EDITOR") { state, _ in
            [.editDraft(state.composer.input.text)]
        },
        Command("compare", "[N]", "compare two alternatives of a message side by side") {
            state, number throws(CommandError) in try state.compare(number)
        },
        Command("find", "[TEXT]", "search the conversation; n and N move between matches") { state, text in
            state.find(text)
        },
        Command("undo", "", "restore the messages that were deleted last") { state, _ in state.undoDelete() },
        Command("stop", "", "stop the reply or the download") { state, _ throws(CommandError) in
            try state.stopWork()
        },
        Command("raw", "", "toggle raw text / rendered Markdown") { state, _ in
            state.toggleSource()
            return []
        },
        Command(
            "preset", "[NAME | save NAME | export NAME [FILE] | import FILE]",
            "apply a preset, or save the current settings as one", complete: { $0.completePreset($1) }
        ) { state, words throws(CommandError) in try state.runPresetCommand(words) },
        Command(
            "theme", "[NAME | reload]", "change the colour theme, or read the theme files again",
            complete: { state, _ in state.library.themes.map(\.name) + ["reload"] }
        ) { state, name throws(CommandError) in try state.runThemeCommand(name) },
        Command(
            "tokens", "[on | off]", "token probabilities of the last reply; \"on\" colours all replies",
            complete: { _, _ in ["on", "off"] }
        ) { state, word throws(CommandError) in try state.showTokens(word) },
        Command(
            "copy", "[code [N]]", "copy the last reply, or a code block of it",
            complete: { _, _ in ["code"] }
        ) { state, what throws(CommandError) in try state.copyReply(what) },
        Command(
            "mouse", "[on|off]", "mouse control on, or off so the terminal can select text",
            complete: { _, _ in ["on", "off"] }
        ) { state, word throws(CommandError) in try state.setMouse(word) },
        Command("quit", aliases: ["bye", "exit", "q"], "", "quit; the session is saved") { state, _ in
            state.quit()
        },
    ]

    static func command(named name: String) -> Command? { byName[name.lowercased()] }

    /// All names and aliases, without the slash.
    static var names: [String] { rows.flatMap { [$0.name] + $0.aliases } }

    private static let byName: [String: Command] = Dictionary(
        rows.flatMap { row in ([row.name] + row.aliases).map { ($0, row) } }, uniquingKeysWith: { first, _ in first })

    @Sendable private static func completeModel(_ state: AppState, _ typed: String) -> [String] {
        state.library.models.filter { $0.problem == nil }.map(\.reference.text)
            + state.library.providers.filter { $0.place != .here }.map { "\($0.id):" }
    }
}
