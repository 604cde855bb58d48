import ArgumentParser
import Chat
import Foundation
import Sessions

/// `sotto sessions`: the conversations on disk.
struct SessionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions", abstract: "List, show, rename, remove and restore sessions.",
        subcommands: [List.self, Show.self, Rename.self, Remove.self, Restore.self], defaultSubcommand: List.self)

    private static var store: SessionStore { SessionStore(folder: SottoHome.current.sessions) }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List every session, the latest first (the default).")

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let sessions = store.list()
            if json { return try StandardOutput.writeJSON(sessions.map(Report.init)) }
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

        func run() throws {
            let document = try store.read(try store.find(session))
            let turns = document.conversation.path.map { "\($0.role.rawValue):\n\($0.content)\n" }
            let text = (["# \(document.title)\n"] + turns).joined(separator: "\n")
            try StandardOutput.write(StandardOutput.presentable(text))
        }
    }

    struct Rename: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give a session another title.")

        @Argument(help: "A title, an id, or the beginning of one.")
        var session: String
        @Argument(help: "The new title.")
        var title: String

        func run() throws { try store.rename(try store.find(session), to: title) }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Move a session to the trash.", aliases: ["rm", "delete"])

        @Argument(help: "A title, an id, or the beginning of one.")
        var session: String

        func run() throws {
            let id = try store.find(session)
            try store.delete(id)
            StandardError.write("moved to the trash; 'sotto sessions restore \(id)' brings it back\n")
        }
    }

    struct Restore: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Bring a removed session back.")

        @Argument(help: "The id of a session in the trash.")
        var session: String

        func run() throws {
            guard let id = SessionID(session) else { throw CommandLineError("\"\(session)\" is no session's id") }
            try store.restore(id)
        }
    }

    private struct Report: Encodable {
        let id: String
        let title: String
        let created: String
        let updated: String
        let model: ModelReference?
        let messages: Int
        let preview: String
        let bytes: Int
        let problem: String?

        init(_ session: SessionSummary) {
            id = session.id.text
            title = session.title
            created = session.created.formatted(.iso8601)
            updated = session.updated.formatted(.iso8601)
            model = session.model
            messages = session.messageCount
            preview = session.preview
            bytes = session.fileBytes
            problem = session.problem
        }
    }
}
