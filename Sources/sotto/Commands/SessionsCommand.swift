import ArgumentParser
import Chat
import Foundation
import Sessions

/// `sotto sessions`: the conversations on disk.
struct SessionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions", abstract: "List, show, search, rename, export, import, remove and restore sessions.",
        subcommands: [
            List.self, Show.self, Search.self, Rename.self, Duplicate.self, Export.self, Import.self, Remove.self,
            Restore.self,
        ], defaultSubcommand: List.self)

    private static var store: SessionStore { SessionStore(folder: SottoHome.current.sessions) }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List every session, the latest first.")

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let sessions = store.list()
            if json { return try StandardOutput.writeJSON(sessions.map(SessionReport.init)) }
            let rows = sessions.map { session in
                [
                    session.id.text, session.updated.formatted(.iso8601), "messages: \(session.messageCount)",
                    session.problem ?? (session.title.isEmpty ? session.preview : session.title),
                ]
            }
            try StandardOutput.write(StandardOutput.presentable(TextTable.text(rows)))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print a session's conversation.")

        @Argument(help: "A title, an id, or the beginning of one.")
        var session: String
        @Flag(help: "Print the session's file.")
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
        static let configuration = CommandConfiguration(abstract: "Give a session another title.")

        @Argument(help: "A title, an id, or the beginning of one.")
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
        static let configuration = CommandConfiguration(abstract: "Find a text in every session.")

        @Argument(help: "What to look for, in any case.")
        var text: String
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let titles = Dictionary(uniqueKeysWithValues: store.list().map { ($0.id, $0.title) })
            let found = store.search(text).map {
                Found(id: $0.id.text, title: titles[$0.id] ?? "", excerpts: $0.excerpts)
            }
            if json { try StandardOutput.writeJSON(found) }
            guard !found.isEmpty else { throw CommandLineError("\"\(text)\" stands in no session") }
            if json { return }
            let rows = found.map { [$0.id, $0.title, $0.excerpts.first ?? ""] }
            try StandardOutput.write(StandardOutput.presentable(TextTable.text(rows)))
        }

        private struct Found: Encodable {
            let id: String
            let title: String
            let excerpts: [String]
        }
    }

    struct Duplicate: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a copy of a session, and print its id.")

        @Argument(help: "A title, an id, or the beginning of one.")
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

        @Argument(help: "A title, an id, or the beginning of one.")
        var session: String
        @Argument(help: "The file to write, which must not be there yet.")
        var file: String?
        @Option(help: "markdown, to be read, or json, to be imported again.")
        var format = SessionFormat.markdown
        @Flag(help: "Print JSON: what was written where, or the text.")
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
            abstract: "Make a session of a file that was exported as JSON, and print its id.")

        @Argument(help: "The file.")
        var file: String
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let (id, warnings) = try store.importFile(file)
            warnings.forEach { StandardError.writeLine("sotto: \($0)") }
            if json { try writeJSON(id) } else { try StandardOutput.write("\(id)\n") }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Move a session to the trash.", aliases: ["rm", "delete"])

        @Argument(help: "A title, an id, or the beginning of one.")
        var session: String
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let id = try store.find(session)
            let summary = store.list().first { $0.id == id }
            try store.delete(id)
            if json { return try StandardOutput.writeJSON(summary.map(SessionReport.init)) }
            StandardError.writeLine("moved to the trash; 'sotto sessions restore \(id)' brings it back")
        }
    }

    struct Restore: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Bring a removed session back.")

        @Argument(help: "The id of a session in the trash.")
        var session: String
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            guard let id = SessionID(session) else { throw CommandLineError("\"\(session)\" is no session's id") }
            try store.restore(id)
            if json { try writeJSON(id) }
        }
    }

    /// A session as it is now.
    private static func writeJSON(_ id: SessionID) throws {
        try StandardOutput.writeJSON(store.list().first { $0.id == id }.map(SessionReport.init))
    }
}

extension SessionFormat: ExpressibleByArgument {}
