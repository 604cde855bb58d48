import Foundation
import TUI
import Testing

@testable import ChatApp

extension EndToEndTests {
    /// Every panel and every command, from the program's tables, in a large, a small and the smallest window.
    @Suite struct TourTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        static let sizes = [(width: 100, height: 30), (40, 12), (20, 6)]

        // MARK: Panels

        /// How a panel is opened, its title, and a text in it.
        private struct Stop {
            let kind: PanelKind
            let keys: [String]
            let line: String
            let title: String
            let shows: String
            /// Whether Ctrl-O shows details of a row.
            let hasDetails: Bool

            /// Opens the panel by its key or its command, unless another line is given.
            init(
                _ kind: PanelKind, _ title: String, _ shows: String, keys: [String]? = nil, line: String? = nil,
                hasDetails: Bool = false
            ) {
                self.kind = kind
                self.keys = keys ?? (line == nil ? kind.key.map { [tmuxName($0)] } : nil) ?? []
                self.line = line ?? (self.keys.isEmpty ? kind.command.map { "/\($0.name)" } : nil) ?? ""
                self.title = title
                self.shows = shows
                self.hasDetails = hasDetails
            }
        }

        private static let stops = [
            Stop(.help, "Help", "Enter", hasDetails: true), Stop(.models, "Models (2)", "● SmolLM2", hasDetails: true),
            Stop(.sessions, "Sessions (1)", "● Sor", hasDetails: true),
            Stop(.trash, "Trash (0)", "The trash", keys: ["F3", "C-t"]),
            Stop(.sampling, "Sampling", "temper", hasDetails: true),
            Stop(.presets, "Presets (5)", "balanced", hasDetails: true),
            Stop(.commands, "Command", "/help", hasDetails: true),
            Stop(.themes, "Themes", "● dark", line: "/theme", hasDetails: true), Stop(.branches, "Branches", "●"),
            Stop(.pull, "Get a model", "address", line: "/pull"), Stop(.about, "About", "version"),
            Stop(.document, "Settings", "temperature", line: "/show settings"),
            Stop(.tokens, "Tokens", "token 1/", line: "/tokens"),
            Stop(.comparison, "‹ 2/2 ›", "Tab other", keys: ["F6", "Home", "Down", "s"]),
        ]

        @Test func everyPanelIsOpenedHere() { #expect(Set(Self.stops.map(\.kind)) == Set(PanelKind.all)) }

        @Test(arguments: sizes) func everyPanelOpensCompletelyAndLeavesNothingBehind(width: Int, height: Int)
            async throws
        {
            try writeSession()
            let terminal = try Terminal(fixture, width: width, height: height)
            try await terminal.wait(for: "Write a message")
            try await terminal.wait(for: "ready")
            // Once the models have been listed, the format is apart from the name, or left out.
            try await terminal.wait(for: "the list of models") { !$0.contains(".Q4_1") }
            // The use of the context is measured when the model has been loaded.
            if width >= 60 { try await terminal.wait(for: "context ▓") }
            let before = try await terminal.settled()
            for stop in Self.stops {
                for key in stop.keys {
                    try terminal.press(key)
                    // The tree is open before the next keys are pressed.
                    if stop.keys.count > 1, key == "F6" { try await terminal.wait(for: "Branches") }
                    if stop.keys.count > 1, key == "F3" { try await terminal.wait(for: "Sessions (1)") }
                }
                if !stop.line.isEmpty { try terminal.send(stop.line) }
                try await terminal.wait(for: "\(stop.kind.name): \(stop.title)") { screen in
                    screen.contains(stop.title) && screen.contains(stop.shows)
                        && screen.split(separator: "\n").last?.contains("Esc close") == true
                }
                expectFrame(try terminal.screen, of: stop.kind.name)
                if stop.hasDetails {
                    try terminal.press("C-o")
                    try await terminal.wait(for: "Esc back")
                    expectFrame(try terminal.screen, of: "details of \(stop.kind.name)")
                    try terminal.press("C-o")
                    try await terminal.wait(for: "the rows of \(stop.kind.name)") {
                        $0.contains(stop.title) && $0.contains(stop.shows)
                    }
                }
                // Below the comparison is the tree.
                try await terminal.escape(to: "the end of \(stop.kind.name)") {
                    $0.contains("Write a message") && !$0.contains("╭")
                }
                var after = try terminal.coloredScreen
                if after != before { after = try await terminal.settled() }
                #expect(after == before, "after \(stop.kind.name):\n\(after.difference(from: before))")
            }
        }

        /// Expects a complete border around the panel, and nothing of the panel outside of it.
        private func expectFrame(_ screen: String, of name: String, at location: SourceLocation = #_sourceLocation) {
            let rows = screen.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
            guard let top = rows.firstIndex(where: { $0.contains("╭") }) else { return }
            let left = rows[top].firstIndex(of: "╭"), right = rows[top].firstIndex(of: "╮")
            let bottom = rows.firstIndex { $0.contains("╰") }
            guard let left, let right, let bottom, rows[bottom].count > right else {
                Issue.record("\(name) has no frame:\n\(screen)", sourceLocation: location)
                return
            }
            let sides = rows[(top + 1)..<bottom].allSatisfy { row in
                row.count > right && "│".contains(row[left]) && "│┃".contains(row[right])
            }
            #expect(
                sides && rows[bottom][left] == "╰" && rows[bottom][right] == "╯", "\(name):\n\(screen)",
                sourceLocation: location)
        }

        // MARK: Commands

        /// How to see that a command was run.
        private enum Sign {
            /// A panel with this title, which is closed again.
            case panel(String)
            case text(String)
            case noText(String)
            case background(String)
            /// A text in the input, which is removed again.
            case draft(String)
            case disk(@Sendable (SessionFile) -> Bool)
        }

        /// The lines to type for each command, and how to see their effect. They run in the order of the commands, and some
        /// depend on those before.
        private static let runs: [String: [(line: String, sign: Sign)]] = [
            "help": [("/help", .panel("Help"))],
            "about": [("/about", .panel("About"))],
            "new": [("/new", .noText("The end"))],
            "resume": [("/resume sorting", .text("The end"))],
            "rename": [("/rename Walrus", .disk { $0.title == "Walrus" })],
            "duplicate": [("/duplicate A copy", .text("Duplicated;"))],
            "delete": [("/delete", .text("Moved"))],
            "restore": [
                ("/restore", .text("Restored")), ("/restore", .panel("Trash")), ("/resume Walrus", .text("The end")),
            ],
            "search": [("/search second", .panel("Sessions"))],
            "export": [
                ("/rename Sorting", .disk { $0.title == "Sorting" }), ("/export tour.json", .text("Exported to")),
                ("/rename Walrus", .disk { $0.title == "Walrus" }),
            ],
            "import": [
                ("/new", .noText("The end")), ("/import tour.json", .text("The end")),
                ("/new", .noText("The end")), ("/resume Walrus", .text("The end")),
                ("/import nowhere.json", .text("Cannot read")),
            ],
            "file": [("/file notes.md", .text("tok")), ("/file image.png", .text("image.png is"))],
            "detach": [("/detach", .text("Removed notes.md"))],
            "model": [
                ("/model gemma", .disk { $0.model?.name == Fixture.otherModel }),
                ("/model SmolLM2", .disk { $0.model?.name == Fixture.defaultModel }),
                ("/model SmolLM3", .text("No model")),
            ],
            "download": [("/download", .text("! SmolLM2-135"))],
            "pull": [("/pull", .panel("Get a model")), ("/pull stop", .text("Nothing is being"))],
            "template": [
                ("/template", .panel("Chat template")), ("/template own.jinja", .text("· SmolLM2-135")),
                ("/template default", .text("· SmolLM2-135")),
            ],
            "load": [("/load", .text("· SmolLM2-135"))],
            "unload": [("/unload", .text("· Unloaded"))],
            "set": [
                ("/set temperature 0", .text("temperature is")), ("/set max_tokens 6", .text("max_tokens is")),
                ("/set logit_bias 2=-inf", .text("logit_bias is")), ("/set top_p 7", .text("top_p must")),
            ],
            "show": ShowTopic.allCases.map { topic in
                let title =
                    switch topic {
                    case .info: "Session"
                    case .settings: "Settings"
                    case .system: "System"
                    case .template: "Chat"
                    case .prompt: "Prompt"
                    case .license: "Licen"
                    case .notices: "Notices"
                    }
                return ("/show \(topic.rawValue)", .panel(title))
            } + [("/show nothing", .text("/show can show"))],
            "context": [("/context", .panel("Context"))],
            "stats": [("/stats", .panel("Statistics"))],
            "think": [("/think hide", .text("is hidden"))],
            "system": [
                ("/system Be brief.", .text("System prompt")), ("/system", .panel("System")),
                ("/system none", .text("System prompt")),
            ],
            "regen": [("/regen", .disk { $0.messages.count == 6 && $0.messages.last?.stats != nil })],
            "continue": [("/continue", .disk { $0.messages.count == 6 && $0.messages[5].content.utf8.count > 30 })],
            "editor": [("/editor", .draft("Edited outside"))],
            "compare": [("/compare", .text("Tab other"))],
            "edit": [("/edit 1", .text("editing"))],
            "branch": [("/branch", .panel("Branches"))],
            "find": [("/find question", .text("1/"))],
            "undo": [("/undo", .text("Nothing to"))],
            "stop": [("/stop", .text("ready"))],
            "raw": [("/resume Sorting", .text("The end")), ("/raw", .text("**it**")), ("/raw", .noText("**it**"))],
            "preset": [
                ("/preset precise", .text("Preset precise")), ("/preset save own", .text("Saved as")),
                ("/preset preciso", .text("No preset")),
            ],
            "theme": [
                ("/theme nord", .background("48;2;46;52;64")), ("/theme reload", .background("48;2;46;52;64")),
                ("/theme dark", .background("48;2;22;24;29")), ("/theme drak", .text("No theme")),
            ],
            "tokens": [
                ("/tokens", .panel("Tokens")), ("/tokens on", .text("Replies are")),
                ("/tokens off", .text("Colours are")),
            ],
            "copy": [("/copy", .text("Copied")), ("/copy code", .text("There is no"))],
            "mouse": [("/mouse off", .text("Mouse")), ("/mouse on", .text("Mouse"))],
            "quit": [("/quit", .text("exit status 0"))],
        ]

        @Test(arguments: sizes) func everyCommandAnswers(width: Int, height: Int) async throws {
            try writeSession()
            _ = try fixture.file("notes.md", holding: Data("notes".utf8))
            _ = try fixture.file("image.png", holding: Data([0x89, 0x50, 0, 1, 2, 3]))
            _ = try fixture.file("own.jinja", holding: Data("{% for m in messages %}{{ m.content }}{% endfor %}".utf8))
            try fixture.program("editor", "echo Edited outside >> \"$1\"")
            let colors = [
                "TERM": "screen-256color", "COLORTERM": "truecolor", "NO_COLOR": "", "VISUAL": "",
                "EDITOR": "\(fixture.home.path)/bin/editor",
            ]
            let terminal = try Terminal(fixture, environment: colors, width: width, height: height)
            try await terminal.wait(for: "Write a message")
            for command in CommandTable.rows {
                let runs = try #require(Self.runs[command.name], "/\(command.name) is not in this test")
                for run in runs {
                    let line = run.line
                    try terminal.send(line)
                    switch run.sign {
                    case .panel(let title):
                        try await terminal.wait(for: "the panel of \(line)") {
                            $0.contains("╭─ \(title)") && $0.contains("Esc close")
                        }
                        expectFrame(try terminal.screen, of: line)
                    case .text(let text):
                        try await terminal.wait(for: "\"\(text)\" of \(line)") { screen in
                            // A notice can be wrapped anywhere, with its key between the lines.
                            screen.split(whereSeparator: \.isWhitespace).filter { !$0.hasPrefix("Esc") }
                                .joined(separator: " ").contains(text)
                        }
                    case .noText(let text):
                        try await terminal.wait(for: "no \"\(text)\" of \(line)") { !$0.contains(text) }
                    case .background(let color):
                        try await terminal.wait(for: "the colours of \(line)") { _ in
                            try terminal.coloredScreen.backgrounds.contains(color)
                        }
                    case .draft(let text):
                        try await terminal.wait(for: "› \(text)")
                        try terminal.press("C-u")
                    case .disk(let isSo):
                        try await terminal.wait(for: "the session on disk after \(line)") { _ in
                            try fixture.sessions().contains(where: isSo)
                        }
                    }
                    if command.name == "quit" { break }
                    try await leaveEverything(terminal, after: line)
                }
            }
        }

        /// Returns to the empty input, without notices and panels.
        private func leaveEverything(_ terminal: Terminal, after line: String) async throws {
            func lastRow(_ screen: String) -> Substring { screen.split(separator: "\n").last ?? "" }
            try await terminal.escape(to: "the end of \(line)", isBusy: { lastRow($0).contains("● ") }) { screen in
                let hasNotice = screen.split(separator: "\n").contains { $0.hasSuffix(" Esc") || $0.hasSuffix(" Esc↓") }
                return !hasNotice && !screen.contains("╭") && screen.contains("› Write a message")
                    && lastRow(screen).contains("F1 help") && !lastRow(screen).contains("● ")
                    && !lastRow(screen).contains("Esc")
            }
        }

        // MARK: -

        /// Writes a session with two answers to a question, and a question after the first one.
        private func writeSession() throws {
            let model = ["provider": "local", "name": Fixture.defaultModel]
            let time = "2026-11-22T14:02:11Z"
            func message(_ number: Int, _ parent: Int?, _ content: String) -> [String: Any] {
                var fields: [String: Any] = [
                    "id": "m\(number)", "created": time, "content": content,
                    "role": number % 2 == 1 ? "user" : "assistant",
                ]
                if let parent { fields["parent"] = "m\(parent)" }
                if number % 2 == 0 { fields["model"] = model }
                return fields
            }
            try fixture.write(session: [
                "title": "Sorting lists", "model": model, "head": "m6",
                "messages": [
                    message(1, nil, "How are lists sorted?"),
                    message(2, 1, "# By comparing\n\n| a | b |\n|-|-|\n| c | d |"),
                    message(4, 1, "A second answer."), message(5, 2, "A question?"),
                    message(6, 5, "The end of **it**."),
                ],
            ])
        }
    }
}

/// The name of a key in tmux.
private func tmuxName(_ key: Key) -> String {
    switch key {
    case .control(let key): "C-\(key.description.lowercased())"
    default: key.description
    }
}
