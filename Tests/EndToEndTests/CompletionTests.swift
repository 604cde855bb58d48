import Foundation
import Testing

extension EndToEndTests {
    /// Shell completions.
    @Suite struct CompletionTests {
        let fixture: Fixture

        init() throws {
            fixture = try Fixture()
            try fixture.write(session: [
                "title": "Kyoto: it's a \"day\"", "head": "m1",
                "messages": [["id": "m1", "role": "user", "content": "Hello"]],
            ])
        }

        /// Words of a command line, the last one incomplete, and the values offered for it.
        static let completions: [(words: [String], values: [String])] = [
            (["mod"], ["models"]),
            (["models", "ex"], ["export"]),
            (["help", "sessions", "re"], ["rename", "remove", "restore"]),
            (["--th"], ["--theme"]),
            (["chat", "--theme", "dr"], ["dracula"]),
            (["--theme=dr"], ["--theme=dracula"]),
            (["--session", "ky"], ["Kyoto: it's a \"day\""]),
            (["run", "--preset", "cre"], ["creative"]),
            (["run", "--model", "smol"], [Fixture.defaultModel]),
            (["models", "show", "gem"], [Fixture.otherModel]),
            (["models", "rm", "gem"], [Fixture.otherModel]),
            (["presets", "show", "prec"], ["precise"]),
            (["run", "--set", "top_"], ["top_k=", "top_p=", "top_n_sigma="]),
            (["run", "--set", "speculation="], ["speculation=on", "speculation=off"]),
            (["run", "--set", "temp=0"], ["temp=0.8"]),
            (["run", "--think", ""], ["auto", "on", "off"]),
            (["run", "--kv-type", "q"], ["q8_0"]),
            (["logits", "--instruction-set", "avx"], ["avx2", "avx-vnni", "avx512"]),
            (["bench", "--formats", "q6"], ["Q6_K"]),
            (["quantize", "in", "out", "Q8"], ["Q8_0"]),
            (["completions", ""], ["bash", "zsh", "fish"]),
            (["run", "--json", "--js"], []),
            (["run", "--", "--js"], []),
            (["nonsense", "x"], []),
        ]

        @Test(arguments: completions)
        func completes(words: [String], values: [String]) throws {
            let result = try fixture.sotto(["complete", "--"] + words)
            #expect(result.status == 0 && result.error.isEmpty)
            let offered = result.output.split(separator: "\n").filter { !$0.hasPrefix("\t") }
            #expect(offered.map { String($0.prefix { $0 != "\t" }) } == values)
        }

        @Test func offersFilesForPaths() throws {
            for (words, line) in [
                (["models", "show", "x"], "\tfiles\tgguf\n"), (["perplexity", "m", "--file", ""], "\tfiles\n"),
                (["presets", "import", ""], "\tfiles\tjson\n"),
            ] {
                let result = try fixture.sotto(["complete", "--"] + words)
                #expect(result.output.hasSuffix(line), "\(result.output)")
            }
        }

        @Test func completesDeletedSessions() throws {
            let before = try fixture.sotto(["complete", "--", "sessions", "restore", ""])
            #expect(!before.output.contains("Kyoto"))
            #expect(try fixture.sotto(["sessions", "remove", "kyoto"]).status == 0)
            let deleted = try fixture.sotto(["complete", "--", "sessions", "restore", "Ky"])
            #expect(deleted.output.hasPrefix("Kyoto: it's a \"day\"\t"), "\(deleted.output)")
        }

        /// A shell, how it starts, and how it loads completions.
        struct Shell: CustomTestStringConvertible {
            let name, start, load: String
            var testDescription: String { name }

            static let all = [
                Shell(
                    name: "bash", start: "bash --norc --noprofile", load: "source <(sotto completions bash)"),
                Shell(
                    name: "zsh", start: "zsh -f",
                    load: "autoload -U compinit && compinit -D -u && source <(sotto completions zsh)"),
                Shell(name: "fish", start: "fish --no-config", load: "sotto completions fish | source"),
            ]

            static let installed = all.filter { shell in
                let isThere = (try? Command("sh", ["-c", "command -v \(shell.name)"]))?.status == 0
                if !isThere { print("skipped: completions of \(shell.name), which is not installed") }
                return isThere
            }
        }

        /// A real shell in a real terminal, and a real Tab.
        @Test(arguments: Shell.installed)
        func worksInShell(_ shell: Shell) async throws {
            let folder = Fixture.binary.deletingLastPathComponent().path
            _ = try fixture.file("my model.gguf", holding: Data())
            let terminal = try Terminal(shellIn: fixture)
            try await terminal.wait(for: "shell>")
            try terminal.send("PATH='\(folder)':$PATH SHELL= HISTFILE= exec \(shell.start)")
            try terminal.send("\(shell.load); echo load''ed")
            try await terminal.wait(for: "loaded")
            // With an x after it, since tmux shows no spaces at the end of a line.
            for (typed, completed) in [
                ("sotto sess", "sotto sessions x"), ("sotto --pla", "sotto --plain x"),
                ("sotto run --set specul", "speculation=x"), ("sotto run --set mirostat=o", "mirostat=off x"),
                ("sotto --theme=dra", "--theme=dracula x"), ("sotto --session Ky", #"Kyoto:\ it\'s\ a\ \"day\" x"#),
                ("sotto models show my", #"my\ model.gguf x"#),
            ] {
                try terminal.press("C-u")
                try terminal.type(typed)
                try terminal.press("Tab", "x")
                try await terminal.wait(for: completed)
            }
        }
    }
}
