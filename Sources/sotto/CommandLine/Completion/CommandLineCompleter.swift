/// Completes the last word of a command line of the program.
struct CommandLineCompleter {
    private var command: CommandTree
    /// The default subcommand while none was named: its arguments are valid too.
    private var fallback: CommandTree?
    private var positionals = 0
    private var usedOptions: Set<String> = []
    /// The option whose value comes next.
    private var pending: CommandTree.Argument?
    private var hasTerminator = false
    /// Whether this is `sotto help`, whose arguments are subcommands.
    private var isHelp = false
    private let root: CommandTree

    struct Result {
        var candidates: [CompletionCandidate] = []
        /// Set if files with these extensions are valid too; an empty list allows all.
        var fileExtensions: [String]?
    }

    /// - Parameter words: the words after the program's name. The last one is to be completed.
    static func complete(_ words: [String], in root: CommandTree) -> Result {
        var completer = CommandLineCompleter(root: root)
        for word in words.dropLast() { completer.read(word) }
        let typed = words.last ?? ""
        var result = completer.result(for: typed)
        result.candidates = result.candidates.filter { $0.value.lowercased().hasPrefix(typed.lowercased()) }
        return result
    }

    private init(root: CommandTree) {
        self.root = root
        command = root
        fallback = root.standard
    }

    // MARK: Complete words

    private mutating func read(_ word: String) {
        if pending != nil {
            pending = nil
        } else if hasTerminator {
            positionals += 1
        } else if word == "--" {
            hasTerminator = true
        } else if word.hasPrefix("-"), word != "-" {
            let name = String(word.prefix { $0 != "=" })
            guard let option = options.first(where: { $0.spellings.contains(name) }) else { return }
            if !option.isRepeating { usedOptions.formUnion(option.spellings) }
            if option.kind == .option, name == word { pending = option }
        } else if isHelp || positionals == 0, let next = command.subcommand(named: word) {
            if next.commandName == "help" {
                (isHelp, command, fallback) = (true, root, nil)
            } else {
                (command, fallback) = (next, next.standard)
            }
        } else {
            positionals += 1
        }
    }

    private var options: [CommandTree.Argument] {
        command.options + (fallback?.options ?? []) + command.commonOptions
    }

    // MARK: The word under the cursor

    private func result(for typed: String) -> Result {
        if let pending { return values(of: pending, typed, prefix: "") }
        if !hasTerminator, typed.hasPrefix("-") {
            guard let sign = typed.firstIndex(of: "=") else { return Result(candidates: optionNames) }
            let name = typed[..<sign]
            guard let option = options.first(where: { $0.spellings.contains(String(name)) }) else { return Result() }
            return values(of: option, String(typed[typed.index(after: sign)...]), prefix: "\(name)=")
        }
        var result = positional.map { values(of: $0, typed, prefix: "") } ?? Result()
        if positionals == 0 { result.candidates = subcommands + result.candidates }
        if result.candidates.isEmpty, result.fileExtensions == nil, !isHelp, !hasTerminator {
            result.candidates = optionNames
        }
        return result
    }

    private var subcommands: [CompletionCandidate] {
        let shown = (command.subcommands ?? []).filter { $0.shouldDisplay && !(isHelp && $0.commandName == "help") }
        return shown.map { CompletionCandidate($0.commandName, $0.abstract ?? "") }
    }

    private var positional: CommandTree.Argument? {
        let all = (command.positionals.isEmpty ? fallback : command)?.positionals ?? []
        return positionals < all.count ? all[positionals] : all.last.flatMap { $0.isRepeating ? $0 : nil }
    }

    private var optionNames: [CompletionCandidate] {
        options.filter { usedOptions.isDisjoint(with: $0.spellings) }.compactMap { option in
            guard let name = option.spellings.first(where: { $0.hasPrefix("--") }) ?? option.spellings.first else {
                return nil
            }
            return CompletionCandidate(name, option.abstract ?? "")
        }
    }

    private func values(of argument: CommandTree.Argument, _ typed: String, prefix: String) -> Result {
        switch argument.completionKind {
        case .list(let values): result(values.map { CompletionCandidate($0) }, prefix)
        case .file(let extensions): Result(fileExtensions: extensions)
        case .source(let source):
            Result(
                candidates: result(source.candidates(for: typed), prefix).candidates,
                fileExtensions: source.fileExtensions)
        case nil: result((argument.allValues ?? []).map { CompletionCandidate($0) }, prefix)
        }
    }

    private func result(_ candidates: [CompletionCandidate], _ prefix: String) -> Result {
        Result(candidates: candidates.map { CompletionCandidate(prefix + $0.value, $0.description) })
    }
}
