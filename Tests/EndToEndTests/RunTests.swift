import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

extension EndToEndTests {
    /// `sotto run`: where the prompt comes from, and the exit status.
    @Suite struct RunTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        private func shell(_ script: String) throws -> Command {
            try Command(
                "/bin/sh", ["-c", script],
                environment: ["SOTTO_HOME": fixture.home.path, "SOTTO": Fixture.binary.path, "H": fixture.home.path])
        }

        @Test func aLimitThatWasAskedForIsASuccess() throws {
            for limit in [["--max-tokens", "3"], ["--set", "max_tokens=3"]] {
                let run = try fixture.sotto(["run", "--no-input"] + limit + ["Tell me a story."])
                #expect(run.status == 0 && run.error.isEmpty, "\(run.error)")
            }
        }

        /// The reply begins with thoughts (the prompt does), and the limit comes before their end.
        @Test func aReplyOfThoughtsOnlyIsAFailure() throws {
            let template = """
                {% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}
                {{- '<|im_start|>assistant\\n<think>\\n' }}
                """
            let file = try fixture.file("thinking.jinja", holding: Data(template.utf8))
            let run = try fixture.sotto(["run", "--no-input", "--chat-template", file, "--max-tokens", "4", "Hi"])
            #expect(run.status == 1 && run.output.isEmpty && run.error.contains("thoughts"), "\(run)")
        }

        // MARK: Standard input

        /// The classic loop: the list is the loop's.
        @Test func aLoopKeepsItsList() throws {
            _ = try fixture.file("list", holding: Data("one\ntwo\nthree\n".utf8))
            let loop = try shell(
                #"while read l; do "$SOTTO" run --json --max-tokens 1 "Say $l"; done < "$H/list""#)
            #expect(loop.output.split(separator: "\n").count == 3, "\(loop)")
            #expect(loop.error.contains("not reading standard input"), "\(loop.error)")
            let quiet = try shell(
                #"while read l; do "$SOTTO" run --no-input --json --max-tokens 1 "Say $l"; done < "$H/list""#)
            #expect(quiet.output.split(separator: "\n").count == 3 && quiet.error.isEmpty, "\(quiet)")
        }

        @Test func aFileAndAPipeAreStillRead() throws {
            func length(_ script: String) throws -> Int {
                let run = try shell(script)
                let json = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
                return try #require((json?["stats"] as? [String: Any])?["promptTokens"] as? Int, "\(run)")
            }
            _ = try fixture.file("text", holding: Data("one two three four five six seven\n".utf8))
            let run = #""$SOTTO" run --json --max-tokens 1"#
            let alone = try length("\(run) --no-input Summarise")
            #expect(try length("\(run) Summarise < $H/text") > alone + 5)
            #expect(try length("cat $H/text | \(run) Summarise") > alone + 5)
            #expect(try length("(read first; \(run) - Summarise) < $H/text") == alone)
            #expect(try length("\(run) - Summarise < $H/text") > alone + 5)
            #expect(try length("printf 'Summ\\357\\273\\277arise' | \(run)") != alone)
            #expect(try length("printf '\\357\\273\\277Summarise' | \(run)") == alone)
            #expect(try length("printf '\\377\\376S\\0u\\0m\\0m\\0a\\0r\\0i\\0s\\0e\\0' | \(run)") == alone)
        }

        @Test func whatIsNoTextIsRefused() throws {
            for (script, hint) in [
                (#"printf 'gr\374n' | "$SOTTO" run"#, "is not UTF-8 text (byte 3)"),
                (#"printf 'a\0b' | "$SOTTO" run"#, "NUL"), (#""$SOTTO" run < "$H""#, "directory"),
                (#""$SOTTO" run - --no-input"#, "--no-input"), (#""$SOTTO" run --no-input"#, "No prompt given"),
                (#""$SOTTO" run - < /dev/null"#, "No prompt given"),
                (#"printf 'gr\374n' | "$SOTTO" tokenize smollm2"#, "UTF-8"),
                (#""$SOTTO" render nowhere.jinja --messages "$H/models""#, "is a folder"),
                (#""$SOTTO" render smollm2 --messages /dev/zero"#, "longer than 256 MiB"),
                (#"head -c 5000000 /dev/zero | tr '\0' a | "$SOTTO" run"#, "5000000 characters"),
            ] {
                let run = try shell(script)
                #expect(run.status != 0 && run.output.isEmpty, "\(script): \(run)")
                #expect(run.error.hasPrefix("sotto: ") && run.error.contains(hint), "\(script): \(run.error)")
                #expect(run.error.split(separator: "\n").count == 1, "\(run.error)")
            }
        }

        @Test func waitingForInputIsSaid() throws {
            let run = try shell(#"(sleep 4; echo Hi) | "$SOTTO" run --max-tokens 2"#)
            #expect(run.status == 0 && run.error.contains("waiting for text on standard input"), "\(run)")
        }

        // MARK: Files that change

        #if os(Linux)
            /// Reading beyond the end of a mapped file ends the program at once, with one line.
            @Test func aTruncatedModelEndsTheProgramWithOneLine() throws {
                let file = fixture.home.appending(path: "models/cut.gguf")
                let original = try #require(Fixture.models).appending(path: "\(Fixture.defaultModel).gguf")
                try FileManager.default.copyItem(at: original, to: file)
                let run = try fixture.sotto([
                    "run", "--no-input", "--model", "cut", "--max-tokens", "2000", "--temperature", "1.5",
                    "Write a long story.",
                ]) { running in
                    try running.waitForOutput()
                    truncate(file.path, 1 << 20)
                }
                #expect(run.status == 1 && run.error.split(separator: "\n").count == 1, "\(run.error)")
                #expect(run.error.contains("truncated"), "\(run.error)")
            }
        #endif

        @Test func withoutAModelTheFirstUsableOneIsTaken() throws {
            let models = fixture.home.appending(path: "models")
            try FileManager.default.removeItem(at: models.appending(path: "\(Fixture.defaultModel).gguf"))
            try fixture.model("a-first") { $0.set("tokenizer.ggml.model", .string("unheard-of")) }
            try fixture.model("b-second") { $0.remove("llama.context_length") }
            let run = try fixture.sotto(["run", "--no-input", "--max-tokens", "2", "Hi"])
            #expect(run.status == 0 && run.error.isEmpty, "\(run.error)")
            let list = try fixture.sotto(["models"]).output
            for name in ["a-first", "b-second"] {
                #expect(list.contains(try Regex("\(name) .*cannot be used: ")), "\(list)")
            }
        }
    }
}
