import TUI

/// Tab after Tab goes through what a word could become.
struct Completion: Sendable, Equatable {
    /// The line up to what is completed.
    var prefix: String
    var candidates: [String]
    /// The one shown; nil while only what they share is.
    var shown: Int?
}

extension AppState {
    /// Completes a command's name or its argument; Tab again shows the next candidate.
    mutating func complete() {
        if var running = completion {
            running.shown = ((running.shown ?? -1) + 1) % running.candidates.count
            completion = running
            input.setText(running.prefix + running.candidates[running.shown ?? 0])
            return
        }
        let line = input.text
        guard line.hasPrefix("/"), !line.hasPrefix("//"), input.lines.count == 1 else { return }
        let found = candidates(for: line)
        let typed = line.dropFirst(found.prefix.count)
        let fitting = found.candidates.filter { $0.lowercased().hasPrefix(typed.lowercased()) }
        switch fitting.count {
        case 0: notify(.info, "nothing completes this")
        case 1: input.setText(found.prefix + fitting[0] + found.suffix)
        default:
            let shared = fitting.dropFirst().reduce(fitting[0]) { $0.commonPrefixIgnoringCase(with: $1) }
            if shared.count > typed.count { input.setText(found.prefix + shared) }
            completion = Completion(prefix: found.prefix, candidates: fitting, shown: nil)
            notify(.info, fitting.joined(separator: "  "))
        }
    }

    private func candidates(for line: String) -> (prefix: String, candidates: [String], suffix: String) {
        guard let blank = line.firstIndex(of: " ") else { return ("/", CommandTable.names, " ") }
        let (name, _) = CommandLine.split(line)
        let argument = line[blank...].drop { $0 == " " }
        let all = CommandTable.command(named: name)?.complete(self, String(argument)) ?? []
        return (String(line[..<argument.startIndex]), all, "")
    }
}

extension String {
    fileprivate func commonPrefixIgnoringCase(with other: String) -> String {
        var count = 0
        for (a, b) in zip(self, other) {
            if a.lowercased() != b.lowercased() { break }
            count += 1
        }
        return String(prefix(count))
    }
}
