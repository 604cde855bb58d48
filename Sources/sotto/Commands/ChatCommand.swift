import ArgumentParser
import ChatApp
import Foundation

/// `sotto`: the chat.
struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat", abstract: "Chat on the full screen (what 'sotto' alone does).")

    func run() async throws {
        let ending = try await ChatThread.run()
        if case .signal(let number) = ending { throw ExitCode(128 + number) }
    }
}
