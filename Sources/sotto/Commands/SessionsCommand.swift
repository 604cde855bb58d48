import ArgumentParser
import Chat
import Foundation
import Sessions

/// `sotto sessions`: manages saved conversations.
struct SessionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions",
        abstract: "List, show, search, rename, duplicate, export, import, remove and restore sessions.",
        subcommands: [
            List.self, Show.self, Search.self, Rename.self, Duplicate.self, Export.self, Import.self, Remove.self,
            Restore.self,
        ], defaultSubcommand: List.self)

    private static var store: SessionStore { Catalogue.current.sessions }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List all sessions, most recent first.")

        @Flag(help: "List the removed sessions, which can be restored.")
        var trash = false
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let sessions = trash ? store.deletedSessions() : store.list()
            if json { return try StandardOutput.writeJSON(sessions.map(SessionReport.init)) }
            guard !sessions.isEmpty else {
                return StandardError.writeLine(trash ? "The trash is empty" : "There are no sessions yet")
            }
            let rows = sessions.map { session in
                [session.id.text, LocalTime.text(session.updated), "\(session.messageCount)", session.name]
            }
            let table = TextTable.list(["ID", "CHANGED", "MESSAGES", "TITLE"], rows)
            try StandardOutput.write(StandardOutput.presentable(table))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print a session's conversation.")

        @Argument(help: "A title or id, or the start of either.", completion: .values(.sessions))
        var session: String
        @Flag(help: "Print the session's JSON file.")
        var json = false

        func run() throws {
            let id = try store.find(session)
            let text = json ? try store.text(of: id, as: .json) : Self.text(try store.read(id))
            try StandardOutput.write(StandardOutput.presentable(text))
        }

        private static func text(_ record: SessionRecord) -> String {
            let turns = record.conversation.path.map { "\($0.role.rawValue):\n\($0.content)\n" }
            return (["# \(record.title)\n"] + turns).joined(separator: "\n")
        }
    }

    struct Rename: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change a session's title.")

        @Argument(help: "A title or id, or the start of either.", completion: .values(.sessions))
        var session: String
        @Argument(help: "The new title.")
        var title: String
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let id = try store.find(session)
            try store.rename(id, to: title)
            if json { try writeJSON(id) }
        }
    }

    struct Search: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Search all sessions for a text.")

        @Argument(help: "The text to search for; case does not matter.")
        var text: String
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let titles = Dictionary(uniqueKeysWithValues: store.list().map { ($0.id, $0.title) })
            let answer = store.search(text)
            let found = answer.hits.map {
                Found(id: $0.id.text, title: titles[$0.id] ?? "", excerpts: $0.excerpts)
            }
            if !answer.isComplete {
                StandardError.writeLine("sotto: Only the latest sessions were searched; all together are too large")
            }
            if json { try StandardOutput.writeJSON(found) }
            guard !found.isEmpty else { throw CommandLineError("No session contains \"\(text)\"") }
            if json { return }
            let rows = found.map { [$0.id, $0.title, $0.excerpts.first ?? ""] }
            try StandardOutput.write(
                StandardOutput.presentable(TextTable.list(["ID", "TITLE", "FOUND"], rows)))
        }

        private struct Found: Encodable {
            let id: String
            let title: String
            let excerpts: [String]
        }
    }

    struct Duplicate: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Copy a session and print the copy's id.")

        @Argument(help: "A title or id, or the start of either.", completion: .values(.sessions))
        var session: String
        @Argument(help: "The copy's title.")
        var title: String?
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let id = try store.duplicate(try store.find(session), title: title)
            if json { try writeJSON(id) } else { try StandardOutput.write("\(id)\n") }
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a session as Markdown or JSON, or write it to a file.")

        @Argument(help: "A title or id, or the start of either.", completion: .values(.sessions))
        var session: String
        @Argument(help: "Output file; must not exist.", completion: .file())
        var file: String?
        @Option(help: "markdown for reading, json for importing again.")
        var format = SessionFormat.markdown
        @Flag(help: "Print JSON with the id, the format, and the file or the text.")
        var json = false

        func run() throws {
            let id = try store.find(session)
            let text = file == nil ? try store.text(of: id, as: format) : nil
            if let file { _ = try store.export(id, to: file, as: format) }
            if json {
                try StandardOutput.writeJSON(Report(id: id.text, format: format.rawValue, file: file, text: text))
            } else if let text {
                try StandardOutput.write(StandardOutput.presentable(text))
            }
        }

        private struct Report: Encodable {
            let id: String
            let format: String
            let file: String?
            let text: String?
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import a session exported as JSON and print its id.")

        @Argument(help: "The file.", completion: .file(extensions: ["json"]))
        var file: String
        @Flag(help: "Print JSON.")
        var json = false

        /// A damaged file can have a problem in each of a hundred thousand messages.
        private static let warningLimit = 5

        func run() throws {
            let (id, warnings) = try store.importFile(file)
            for warning in warnings.prefix(Self.warningLimit) { StandardError.writeLine("sotto: \(warning)") }
            if warnings.count > Self.warningLimit {
                StandardError.writeLine("sotto: … and \(warnings.count - Self.warningLimit) more problems")
            }
            if json { try writeJSON(id) } else { try StandardOutput.write("\(id)\n") }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Move a session to the trash.", aliases: ["rm", "delete"])

        @Argument(help: "A title or id, or the start of either.", completion: .values(.sessions))
        var session: String
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let id = try store.find(session)
            let summary = store.list().first { $0.id == id }
            try store.delete(id)
            if json { return try StandardOutput.writeJSON(summary.map(SessionReport.init)) }
            StandardError.writeLine("Moved to the trash. To undo: sotto sessions restore \(id)")
        }
    }

    struct Restore: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Restore a removed session.")

        @Argument(
            help: "A title or id, or the start of either, from 'sotto sessions list --trash'.",
            completion: .values(.deletedSessions))
        var session: String
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let found = try store.findDeleted(session)
            try store.restore(found.id)
            if json { return try writeJSON(found.id) }
            StandardError.writeLine("Restored \(found.id): \(found.name)")
        }
    }

    /// Writes the current summary of a session.
    private static func writeJSON(_ id: SessionID) throws {
        try StandardOutput.writeJSON(store.list().first { $0.id == id }.map(SessionReport.init))
    }
}

extension SessionFormat: ExpressibleByArgument {}

extension SessionSummary {
    /// What lists show as its title.
    fileprivate var name: String { problem ?? (title.isEmpty ? preview : title) }
}
