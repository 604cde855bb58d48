import Foundation
import Testing

extension EndToEndTests {
    /// `scripts/install` and the installed program.
    @Suite struct InstallTests {
        let fixture: Fixture
        let home: URL
        let prefix: URL

        init() throws {
            fixture = try Fixture()
            home = fixture.home.appending(path: "empty")
            prefix = fixture.home.appending(path: "prefix")
            try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        }

        private func install(_ arguments: [String], environment: [String: String?] = [:]) throws -> Command {
            let variables: [String: String?] = ["SOTTO_BINARY": Fixture.binary.path, "HOME": home.path]
            return try Command(
                Fixture.root.appending(path: "scripts/install").path, arguments,
                environment: variables.merging(environment) { $1 })
        }

        /// Runs a program with an empty home, outside the checkout.
        private func run(_ program: URL, _ arguments: [String], input: String? = nil) throws -> Command {
            try Command(
                "sh", ["-c", "cd \"$HOME\" && exec \"$0\" \"$@\"", program.path] + arguments, input: input,
                environment: [
                    "HOME": home.path, "SOTTO_HOME": nil, "XDG_DATA_HOME": nil,
                    "SOTTO_MODELS": fixture.home.appending(path: "models").path,
                ])
        }

        private func files(in folder: URL) throws -> [String] {
            try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter {
                try folder.appending(path: $0).resourceValues(forKeys: [.isDirectoryKey]).isDirectory == false
            }
        }

        @Test func installedProgramFindsItsFiles() throws {
            let installed = try install([prefix.path])
            #expect(installed.status == 0, "\(installed.error)")
            // Called through a symbolic link, as from a folder of the user's own.
            let program = home.appending(path: "chat")
            try FileManager.default.createSymbolicLink(
                at: program, withDestinationURL: prefix.appending(path: "bin/sotto"))
            let presets = try run(program, ["presets"])
            #expect(presets.status == 0 && presets.error.isEmpty, "\(presets.error)")
            #expect(
                presets.output.split(separator: "\n").map { $0.prefix { $0 != " " } }
                    == ["balanced", "code", "creative", "deterministic", "precise"])
            let themes = try run(program, ["complete", "--values", "themes"])
            #expect(themes.output.hasPrefix("dark\n") && themes.output.contains("\nnord\n"), "\(themes.output)")
            let sessions = try run(program, ["sessions"])
            #expect(sessions.output.contains("Welcome to Sotto"), "\(sessions.output)")
            #expect(try run(program, ["sessions", "remove", "welcome"]).status == 1)
            let recommended = try run(program, ["models", "recommend"])
            #expect(recommended.output.contains("Qwen3 0.6B") && recommended.error.isEmpty, "\(recommended.error)")

            let chat = try run(program, ["--plain"], input: "/theme nord\n/set max_tokens 4\nHello\n")
            #expect(chat.status == 0, "\(chat.error)")
            #expect(chat.output.contains("nord") && chat.output.contains("SmolLM2-135M-Instruct: "), "\(chat.output)")
            let saved = home.appending(path: ".local/share/sotto/sessions")
            #expect(try FileManager.default.contentsOfDirectory(atPath: saved.path).contains { $0.hasSuffix(".json") })
            #expect(try !files(in: prefix.appending(path: "share/sotto")).contains { $0.contains("preferences") })
        }

        @Test func uninstallRemovesWhatWasInstalled() throws {
            #expect(try install([prefix.path]).status == 0)
            let paths = try files(in: prefix)
            for path in [
                "bin/sotto", "share/man/man1/sotto.1", "share/bash-completion/completions/sotto",
                "share/zsh/site-functions/_sotto", "share/fish/vendor_completions.d/sotto.fish",
                "share/sotto/themes/dark.json", "share/sotto/presets/code.preset.json",
                "share/sotto/sessions/welcome.json", "share/sotto/models/recommended.json",
            ] { #expect(paths.contains(path), "\(path)") }
            #expect(try install(["--uninstall", prefix.path]).status == 0)
            #expect(try files(in: prefix).isEmpty)
            #expect(!FileManager.default.fileExists(atPath: prefix.appending(path: "share/sotto").path))
            #expect(try install(["--uninstall", prefix.path]).status == 1)
        }

        /// With ~/.local as prefix, share/sotto also is the user's folder.
        @Test func keepsFilesOfTheUser() throws {
            let prefix = home.appending(path: ".local")
            let folder = prefix.appending(path: "share/sotto/themes")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let own = Data(#"{"name": "nord"}"#.utf8)
            for name in ["nord.json", "mine.json"] { try own.write(to: folder.appending(path: name)) }
            for _ in 1...2 {
                let result = try install([prefix.path])
                #expect(result.status == 0 && result.error.contains("nord.json, which is your own"), "\(result.error)")
            }
            #expect(try install(["--uninstall", prefix.path]).status == 0)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["mine.json", "nord.json"])
            #expect(try Data(contentsOf: folder.appending(path: "nord.json")) == own)
        }

        @Test func installsBelowDestdir() throws {
            #expect(try install(["/usr"], environment: ["DESTDIR": prefix.path]).status == 0)
            #expect(try run(prefix.appending(path: "usr/bin/sotto"), ["presets"]).output.contains("balanced"))
        }

        @Test func scriptsExplainThemselves() throws {
            for script in ["install", "chat", "test", "reference"] {
                let result = try Command(
                    Fixture.root.appending(path: "scripts/\(script)").path, ["--help"], environment: ["HOME": home.path]
                )
                #expect(result.status == 0 && (result.output + result.error).contains("scripts/\(script)"), "\(script)")
            }
        }
    }
}
