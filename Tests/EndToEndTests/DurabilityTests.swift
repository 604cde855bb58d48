import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension EndToEndTests {
    /// Kills at the worst moment, slow disks, and damaged files.
    @Suite struct DurabilityTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        private func names(in folder: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: fixture.home.appending(path: folder).path).sorted()
        }

        #if os(Linux)
            /// The variables that slow down or fail file calls on the home folder, as scripts/torture does.
            private func faults(_ settings: [String: String]) throws -> [String: String] {
                let source = Fixture.root.appending(path: "scripts/lib/faults.c").path
                let library = fixture.home.appending(path: "faults.so").path
                let compiler = try Command("cc", ["-shared", "-fPIC", "-o", library, source, "-ldl"])
                try #require(compiler.status == 0, "\(compiler.error)")
                return ["LD_PRELOAD": library, "FAULTS_FOLDER": fixture.home.path].merging(settings) { $1 }
            }

            /// On a disk that takes three seconds to flush a file, every file that the program wants to be safe is still
            /// being flushed when it is killed.
            @Test func aMessageThatIsShownSurvivesAKill() async throws {
                var terminal = try Terminal(fixture, environment: try faults(["FAULTS_FSYNC_MS": "3000"]))
                try await terminal.wait(for: "Write a message")
                try terminal.type("Zanzibar")
                try await terminal.wait(for: "› Zanzibar")
                try terminal.press("Enter")
                try await terminal.wait(for: "the sent message") {
                    $0.contains("Zanzibar") && !$0.contains("› Zanzibar")
                }
                let process = try #require(Int32(try terminal.ask("#{pane_pid}")))
                _ = try Command("pkill", ["-KILL", "-P", "\(process)", "sotto"])
                try await terminal.wait(for: "exit status 137")

                terminal = try Terminal(fixture)
                try await terminal.wait(for: "ready")
                let screen = try terminal.screen
                #expect(screen.contains("Zanzibar") && !screen.contains("› Zanzibar"), "\(screen)")
                try terminal.send("/quit")
                try await terminal.wait(for: "exit status 0")
                #expect(try fixture.messages().map(\.content) == ["Zanzibar"])
                let files = try names(in: "sessions")
                #expect(files.count == 1 && files[0].hasSuffix(".json"), "\(files)")
            }

            @Test func withoutLocksTheChatIsWritable() async throws {
                try fixture.write(session: [
                    "title": "Kyoto", "messages": [["id": "m1", "role": "user", "content": "Hi"]],
                ])
                let environment = try faults(["FAULTS_LOCKS": "1"])
                let terminal = try Terminal(fixture, environment: environment)
                try await terminal.wait(for: "Sessions cannot be locked here")
                #expect(try !terminal.screen.contains("ead-only"))
            }
        #endif

        // MARK: Writing models

        /// The unfinished file is removed, and the program ends as the signal says.
        @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func quantizeLeavesNothingWhenItIsEnded(signal: Int32) throws {
            let folder = fixture.home.appending(path: "out")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let output = folder.appending(path: "model.gguf").path
            let result = try fixture.sotto(["quantize", Fixture.otherModel, output, "Q6_K", "-t", "1"]) { program in
                for _ in 0..<1200 where try names(in: "out").isEmpty { Thread.sleep(forTimeInterval: 0.01) }
                kill(program.pid, signal)
            }
            #expect(result.status == 128 + signal, "\(result.error)")
            #expect(try names(in: "out").isEmpty)
        }

        @Test func quantizeNamesAWrongOutputBeforeTheWork() throws {
            let result = try fixture.sotto(["quantize", Fixture.otherModel, fixture.home.path, "Q6_K", "--force"])
            #expect(result.status == 1)
            #expect(result.error == "sotto: \(fixture.home.path) is a folder. Name the file to write in it\n")
        }

        // MARK: Hostile files

        /// A model file whose only value is a name with an escape sequence and text that runs from right to left.
        @Test func inspectShowsNoEscapeSequencesInAPipe() throws {
            func text(_ text: String) -> [UInt8] {
                withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian, Array.init) + Array(text.utf8)
            }
            var bytes = Array("GGUF".utf8) + [3, 0, 0, 0]
            bytes += [UInt8](repeating: 0, count: 8) + [1, 0, 0, 0, 0, 0, 0, 0]
            bytes += text("general.name") + [8, 0, 0, 0] + text("\u{1B}[2J\u{9B}31m\u{202E}evil")
            let file = try fixture.file("hostile.gguf", holding: Data(bytes))
            let result = try fixture.sotto(["inspect", file])
            #expect(result.status == 0, "\(result.error)")
            #expect(result.output.contains("general.name = \"␛[2J␛[31m⟦RLO⟧evil\""), "\(result.output)")
            for scalar in ["\u{1B}", "\u{9B}", "\u{202E}"] { #expect(!result.output.contains(scalar)) }
            let json = try fixture.sotto(["inspect", file, "--json"])
            #expect(json.output.contains(#""general.name":"\u001b[2J\u009b31m\u202eevil""#), "\(json.output)")
        }

        @Test func importNamesTheFirstProblemsAndCountsTheRest() throws {
            let messages = "[\(Array(repeating: "3", count: 5000).joined(separator: ","))]"
            let file = try fixture.file(
                "damaged.json", holding: Data("{\"format\": \"sotto.session\", \"messages\": \(messages)}".utf8))
            let result = try fixture.sotto(["sessions", "import", file])
            #expect(result.status == 0)
            let lines = result.error.split(separator: "\n")
            // The title and two dates are missing as well.
            #expect(lines.count == 6 && lines.last == "sotto: … and 4998 more problems", "\(lines)")
        }

        /// Numbers that would overflow when they are added up.
        @Test func extremeNumbersInASessionAndItsDraftDoNotEndTheProgram() throws {
            let huge = Int.max
            let stats: [String: Any] = [
                "promptTokens": huge, "cachedTokens": huge, "generatedTokens": huge, "firstTokenSeconds": 1e300,
                "tokensPerSecond": 1e300, "stop": "tokenLimit",
            ]
            let reply: [String: Any] = [
                "role": "assistant", "content": "Hello", "stats": stats,
                "model": ["provider": "local", "name": Fixture.defaultModel],
            ]
            let messages = (1...4).map { index -> [String: Any] in
                let id: [String: Any] = ["id": "m\(index)", "parent": index == 1 ? NSNull() : "m\(index - 1)"]
                return index % 2 == 0 ? reply.merging(id) { $1 } : id.merging(["role": "user", "content": "Hi"]) { $1 }
            }
            try fixture.write(session: ["id": "extreme", "title": "Extreme", "head": "m4", "messages": messages])
            let draft = """
                {"format": "sotto.draft", "version": 1, "text": "Hi", "line": \(huge), "column": \(huge),
                 "attachments": [{"name": "a.txt", "content": "b", "tokens": \(huge)},
                                 {"name": "b.txt", "content": "b", "tokens": \(huge)}]}
                """
            _ = try fixture.file("sessions/extreme.draft", holding: Data(draft.utf8))
            let lines = ["/stats", "/set max_tokens 4", "/continue", "/stats", "/show info", "/context"]
            let result = try fixture.sotto(
                ["--plain", "--session", "extreme"], input: lines.joined(separator: "\n") + "\n")
            #expect(result.status == 0 && !result.output.contains(/\s-\d/), "\(result.output)\n\(result.error)")
        }
    }
}
