import ArgumentParser
import Chat
import ChatApp
import Inference

/// What the reference and the manual page contain, collected from the tables that the program itself uses.
struct ReferenceContent {
    let program: CommandTree

    /// An item and its explanation.
    struct Entry {
        let name: String
        let text: String
    }

    /// Options of `sotto` without a subcommand.
    var chatOptions: [CommandTree.Argument] { program.standard?.options ?? [] }

    /// The subcommands by group, as in `sotto --help`; commands with subcommands are replaced by these.
    var commandGroups: [(title: String, commands: [CommandTree])] {
        let configuration = Sotto.configuration
        let groups =
            [("General", configuration.ungroupedSubcommands)]
            + configuration.groupedSubcommands.map { ($0.name, $0.subcommands) }
        return groups.map { title, types in
            let commands = types.compactMap { program.subcommand(named: $0._commandName) }.filter(\.shouldDisplay)
            return (title, commands.flatMap { $0.subcommands ?? [$0] })
        }
    }

    var keys: [Reference.KeyGroup] { Reference.keys }
    var chatCommands: [Reference.Entry] { Reference.commands }

    var settingGroups: [(title: String, rows: [SettingRow])] {
        SettingRow.Group.allCases.map { group in (group.rawValue, SettingTable.rows.filter { $0.group == group }) }
    }

    static let environment = [
        Entry(name: "SOTTO_HOME", text: "Folder for sessions, presets, themes, models and preferences."),
        Entry(name: "SOTTO_MODELS", text: "More folders with models, separated by colons."),
        Entry(
            name: InstructionSetArguments.variable,
            text: """
                Instruction set of the kernels, like --instruction-set, which overrides it. One of \
                \(InstructionSet.allCases.map(\.rawValue).joined(separator: ", ")).
                """),
        Entry(name: "OLLAMA_MODELS", text: "Ollama's model folder, if it is not the default one."),
        Entry(name: "XDG_DATA_HOME", text: "Parent of the default folder (default: ~/.local/share)."),
        Entry(name: "VISUAL, EDITOR", text: "Editor for /editor and Ctrl-G."),
        Entry(name: "PAGER", text: "Pager for reading a message."),
        Entry(name: "ACCESSIBLE", text: "Set to 1 for line mode, like --plain."),
        Entry(name: "NO_COLOR", text: "Set to anything to turn off colours."),
        Entry(name: "COLORTERM", text: "truecolor or 24bit turns on true colour."),
        Entry(name: "FORCE_HYPERLINK", text: "1 turns links in the terminal on, 0 turns them off."),
    ]

    static let files = [
        Entry(
            name: "~/.local/share/sotto",
            text: "The default folder. In a checkout, the checkout itself is used instead. SOTTO_HOME overrides both."),
        Entry(name: "sessions/*.json", text: "Sessions. Deleted ones are in sessions/trash."),
        Entry(name: "sessions/presets/*.preset.json", text: "Your presets."),
        Entry(name: "themes/*.json", text: "Your themes."),
        Entry(name: "models/*.gguf", text: "Models."),
        Entry(name: "preferences.json", text: "Last session, model and theme."),
        Entry(name: "history.jsonl", text: "Messages sent, for the input history."),
        Entry(
            name: "PREFIX/share/sotto",
            text: "Built-in themes, presets and the welcome session of an installed program."),
    ]

    static let exitStatuses = [
        Entry(name: "0", text: "Success. For sotto run: the reply is complete."),
        Entry(name: "1", text: "Failure. A message on standard error explains it."),
        Entry(name: "64", text: "Unknown command or option, or a missing or invalid value."),
        Entry(name: "130", text: "Interrupted with Ctrl-C. What was generated so far has been printed or saved."),
        Entry(name: "128+n", text: "Ended by signal n, such as 141 if the reader of a pipe has closed it."),
    ]

    static let examples = [
        Entry(name: "sotto", text: "Open the chat."),
        Entry(name: "sotto run \"Name three rivers.\"", text: "Print one reply."),
        Entry(name: "git diff | sotto run \"Summarise this change:\"", text: "Pipe a text in."),
        Entry(name: "sotto run --set num_ctx=4096 --seed 7 \"Hello\"", text: "With settings."),
        Entry(name: "sotto models import ~/Downloads/model.gguf", text: "Add a model."),
        Entry(name: "sotto bench MODEL -p 512 -n 128 -t 2", text: "Measure speed."),
    ]
}

extension CommandTree {
    /// As typed: "sotto models show".
    var path: String { ((superCommands ?? []) + [commandName]).joined(separator: " ") }

    /// "sotto run [<options>] [<prompt> ...]"
    var usage: String {
        ([path] + (options.isEmpty ? [] : ["[<options>]"]) + positionals.map(\.usage)).joined(separator: " ")
    }
}

extension CommandTree.Argument {
    fileprivate var usage: String {
        let name = "<\(valueName ?? "value")>" + (isRepeating ? " ..." : "")
        return isOptional ? "[\(name)]" : name
    }

    /// "-t, --threads <number>", or "<model>" for a positional argument.
    var label: String {
        let value = "<\(valueName ?? "value")>"
        switch kind {
        case .positional: return value
        case .option: return spellings.sorted { $0.count < $1.count }.joined(separator: ", ") + " " + value
        case .flag: return spellings.sorted { $0.count < $1.count }.joined(separator: ", ")
        }
    }

    /// The explanation, with the allowed values and the default.
    var text: String {
        let facts = [
            allValues.map { "values: \($0.joined(separator: ", "))" }, defaultValue.map { "default: \($0)" },
        ].compactMap(\.self)
        return (abstract ?? "") + (facts.isEmpty ? "" : " (\(facts.joined(separator: "; ")))")
    }
}

extension SettingRow {
    var standardText: String { text(in: GenerationSettings()) }
}
