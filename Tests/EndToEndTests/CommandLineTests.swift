import Foundation
import Testing

extension EndToEndTests {
    /// The commands that work in a pipe.
    @Suite struct CommandLineTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        /// Arguments, and what the line on standard error must contain.
        static let mistakes: [(arguments: [String], hint: String)] = [
            (["inspect"], "model"),
            (["inspect", "/nowhere/model.gguf"], "/nowhere/model.gguf"),
            (["inspect", "DAMAGED"], "damaged.gguf"),
            (["inspect", "NOT-A-MODEL"], "GGUF"),
            (["tokenize", "SmolLM3"], "did you mean"),
            (["logits", "SmolLM2", "--tokens", "1,x"], "tokens"),
            (["logits", "SmolLM2", "--tokens", "99999999"], "99999999"),
            (["render", "SmolLM2", "--messages", "/nowhere.json"], "/nowhere.json"),
            (["render", "SmolLM2", "--messages", "NOT-A-MODEL"], "JSON"),
            (["render", "BAD-TEMPLATE", "--messages", "MESSAGES"], "line 1"),
            (["perplexity", "SmolLM2", "--file", "/nowhere.txt"], "/nowhere.txt"),
            (["imatrix", "SmolLM2", "/nowhere.txt", "-o", "/nowhere/x.gguf"], "/nowhere.txt"),
            (["imatrix", "SmolLM2", "NOT-A-MODEL", "-o", "/nowhere/x.gguf"], "/nowhere"),
            (
                ["quantize", "SmolLM2", "/nowhere/x.gguf", "Q8_0", "--imatrix", "NOT-A-MODEL"],
                "not an importance matrix"
            ),
            (["convert", "SmolLM2", "/nowhere/x.gguf"], "use 'sotto quantize'"),
            (["convert", "/nowhere", "/nowhere/x.gguf"], "/nowhere"),
            (["bench"], "--kernels"),
            (["bench", "--kernels", "SmolLM2"], "leave out"),
            (["bench", "--tune", "SmolLM2"], "leave out"),
            (["bench", "--tune", "--kernels"], "either"),
            (["bench", "--kernels", "--formats", "Q9"], "Q4_K"),
            (["bench", "--kernels", "-t", "300"], "1 to 256"),
            (["bench", "SmolLM2", "-r", "0"], "1 to 1000"),
            (["bench", "SmolLM2", "-p", "0", "-n", "0"], "not both 0"),
            (["bench", "SmolLM2", "--depth", "-1"], "--depth"),
            (["bench", "SmolLM2", "--depth", "8000"], "1 to 8192"),
            (["bench", "SmolLM2", "-t", "1,two"], "1,two"),
            (["bench", "SmolLM2", "-t", "1,1000"], "1 to 256"),
            (["bench", "SmolLM2", "--kv-type", "q3"], "q8_0"),
            (["run", "--kv-type", "f8", "Hi"], "f16"),
            (["run", "--model", "none", "Hi"], "none"),
            (["run", "--preset", "none", "Hi"], "none"),
            (["run", "--draft-model", "nobody", "Hi"], "nobody"),
            (["run", "--model", "SmolLM2", "--draft-model", "gemma", "Hi"], "vocabularies differ"),
            (["run", "--temperature", "9", "Hi"], "0 to 5"),
            (["run", "--threads", "0", "Hi"], "from 1 to 256"),
            (["quantize", "SmolLM2", "/nowhere/x.gguf", "Q8_0", "-t", "two"], "from 1 to 256"),
            (["run", "--seed", "x", "Hi"], "a whole number from 0 to"),
            (["run", "--max-tokens", "0", "Hi"], "from 1 to"),
            (["run", "--think", "maybe", "Hi"], "one of auto, on, off"),
            (["run", "--set", "top_p=2", "Hi"], "a number from 0 to 1"),
            (["run", "--set", "tmp=2", "Hi"], "did you mean temp"),
            (["run", "--set", "bogus=2", "Hi"], "\"sotto run --help\" lists them all"),
            (["run", "--set", "top_p", "Hi"], "NAME=VALUE"),
            (["run", "--set", "num_ctx=9999999", "Hi"], "8192"),
            (["run"], "prompt"),
            (["modls"], "did you mean sotto models?"),
            (["help", "modls"], "did you mean sotto models?"),
            (["help", "models", "shw"], "did you mean sotto models show?"),
            (["sessions", "shw", "kyoto"], "did you mean sotto sessions show?"),
            (["shwo"], "commands: chat, run"),
            (["sessions", "shwo"], "did you mean sotto sessions show?"),
            (["models", "lsit"], "did you mean sotto models list?"),
            (["sessions", "export", "x", "--format", "markdwn"], "did you mean markdown?"),
            (["quantize", "SmolLM2", "/nowhere/x.gguf", "Q4_KM"], "did you mean Q4_K_M?"),
            (["run", "--preset", "balacned", "Hi"], "did you mean balanced?"),
            (["sessions", "restore", "none"], "\"sotto sessions list --trash\" lists them"),
            (["models", "SmolLM2"], "commands: list, show"),
            (["models", "show", "SmolM2"], "did you mean"),
            (["models", "export", "SmolLM2", "NOT-A-MODEL"], "already"),
            (["models", "export", "SmolLM2", "/nowhere/else.gguf"], "cannot write /nowhere/else.gguf"),
            (["models", "import", "NOT-A-MODEL"], "not a GGUF file"),
            (["models", "import", "DAMAGED"], "damaged.gguf cannot be used"),
            (["models", "import", "/nowhere.gguf"], "/nowhere.gguf"),
            (["models", "remove", "NOT-A-MODEL"], "models folder"),
            (["presets", "show", "crative"], "did you mean creative"),
            (["presets", "export", "creative", "NOT-A-MODEL"], "already"),
            (["presets", "import", "NOT-A-MODEL"], "not a preset"),
            (["presets", "remove", "creative"], "creative"),
            (["sessions", "show", "none"], "\"sotto sessions\" lists them"),
            (["--plain", "--session", "../../etc/passwd"], "\"sotto sessions\" lists them"),
            (["--bogus"], "bogus"),
            (["completions", "tcsh"], "'fish'"),
            ([], "sotto run"),
        ]

        @Test(arguments: mistakes)
        func reportsMistakeInOneLine(arguments: [String], hint: String) throws {
            let model = try Data(contentsOf: fixture.home.appending(path: "models/\(Fixture.defaultModel).gguf"))
            let files = [
                "DAMAGED": try fixture.file("damaged.gguf", holding: model.prefix(100_000)),
                "NOT-A-MODEL": try fixture.file("text.gguf", holding: Data("Once upon a time".utf8)),
                "BAD-TEMPLATE": try fixture.file("bad.jinja", holding: Data("{% if %}".utf8)),
                "MESSAGES": try fixture.file("messages.json", holding: Data(#"{"messages":[]}"#.utf8)),
            ]
            let result = try fixture.sotto(arguments.map { files[$0] ?? $0 })
            #expect(result.status != 0)
            #expect(result.output.isEmpty)
            #expect(result.error.hasPrefix("sotto: ") && result.error.hasSuffix("\n"))
            #expect(result.error.count { $0 == "\n" } == 1, "\(result.error)")
            #expect(result.error.localizedCaseInsensitiveContains(hint), "\(result.error)")
        }

        @Test func runReadsPromptFromArgumentsAndStandardInput() throws {
            let result = try fixture.sotto(
                ["run", "--json", "--temperature", "0", "--max-tokens", "256", "Repeat", "this word:"],
                input: "lighthouse")
            let reply = try JSONDecoder().decode(Reply.self, from: Data(result.output.utf8))
            #expect(reply.text.lowercased().contains("lighthouse"))
            #expect(reply.stats.generatedTokens == reply.tokens.count)
            #expect((result.status == 0) == (reply.stop == "endOfTurn"))
        }

        @Test func runIsReproducibleWithTheSameSeed() throws {
            let arguments = ["run", "--seed", "7", "--max-tokens", "24", "--threads", "1", "Tell me about the sea."]
            let replies = try [[], [], ["--speculation", "off"]].map { try fixture.sotto(arguments + $0) }
            #expect(!replies[0].output.isEmpty)
            #expect(replies.allSatisfy { $0.output == replies[0].output && $0.error == replies[0].error })
        }

        @Test func runAcceptsEverySetting() throws {
            let arguments = ["run", "--json", "--raw", "--max-tokens", "300", "1, 2, 3, 4, 5,"]
            let greedy = try fixture.sotto(arguments + ["--set", "TOP-K=1", "--set", "stop=\" 9\""])
            let reply = try JSONDecoder().decode(Reply.self, from: Data(greedy.output.utf8))
            #expect(reply.text == " 6, 7, 8," && reply.stop == "stopText" && greedy.status == 0)
            let short = try fixture.sotto(arguments + ["--set", "TOP-K=1", "--set", "num_ctx=64"])
            #expect(short.status == 1 && short.error.contains("--set num_ctx"), "\(short.error)")
        }

        @Test func helpListsChatOptionsAndCommands() throws {
            for arguments in [["--help"], ["-h"], ["help"]] {
                let result = try fixture.sotto(arguments)
                #expect(result.status == 0 && result.error.isEmpty)
                for option in ["-c, --continue", "--session", "--model", "--preset", "--theme", "--plain", "--version"]
                {
                    #expect(result.output.contains("  \(option)"), "\(option)")
                }
                for part in ["CHAT OPTIONS:", "DIAGNOSTICS:", "  models", "  quantize"] {
                    #expect(result.output.contains(part), "\(part)")
                }
                #expect(!result.output.contains("  complete  "))
            }
            let run = try fixture.sotto(["run", "--help"])
            #expect(run.output.contains("--set <name=value>") && run.output.contains("xtc_threshold"))
        }

        /// With SIGPIPE, and without it if the parent process ignores it.
        @Test(arguments: ["", "trap '' PIPE;"])
        func endsQuietlyWhenPipeIsClosed(_ trap: String) throws {
            let command = "\(trap) { '\(Fixture.binary.path)' inspect --json smol; echo $? >&2; } | head -c 1"
            let result = try Command("sh", ["-c", command], environment: ["SOTTO_HOME": fixture.home.path])
            #expect(result.output == "{" && result.error == "141\n", "\(result.error)")
        }

        @Test func reportsClosedStreams() throws {
            let result = try Command(
                "sh", ["-c", "'\(Fixture.binary.path)' models <&- >&-"], environment: ["SOTTO_HOME": fixture.home.path])
            #expect(result.status == 1 && result.error.hasPrefix("sotto: Cannot write"))
        }

        /// A reply that goes on until it is stopped: the model can neither end its turn nor repeat itself.
        private static let endless = [
            "run", "--raw", "--max-tokens", "100000", "--temperature", "1.5", "--set", "logit_bias=2=-inf",
            "--set", "repeat_penalty=1.1", "One, two, three,",
        ]

        @Test func runStopsOnInterruptAndKeepsTheText() throws {
            let result = try fixture.sotto(Self.endless) { program in
                try program.waitForOutput()
                kill(program.pid, SIGINT)
            }
            #expect(result.status == 130 && result.error.isEmpty, "\(result.error)")
            #expect(result.output.hasSuffix("\n"))
        }

        #if os(Linux)
            @Test func runReportsInterruptInJSON() throws {
                let result = try fixture.sotto(Self.endless + ["--json"]) { program in
                    try program.waitUntilHandling(SIGINT)
                    kill(program.pid, SIGINT)
                }
                #expect(result.status == 130)
                let reply = try JSONDecoder().decode(Reply.self, from: Data(result.output.utf8))
                #expect(reply.stop == "cancelled")
            }
        #endif

        @Test func reportsFullDisk() throws {
            guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
            let result = try Command(
                "sh", ["-c", "'\(Fixture.binary.path)' models --json > /dev/full"],
                environment: ["SOTTO_HOME": fixture.home.path])
            #expect(result.status != 0)
            #expect(result.error.hasPrefix("sotto: Cannot write"))
        }

        @Test func listsModelsWithTheirProblems() throws {
            try Data("nothing".utf8).write(to: fixture.home.appending(path: "models/broken.gguf"))
            let result = try fixture.sotto(["models", "--json"])
            let models = try JSONDecoder().decode([Listed].self, from: Data(result.output.utf8))
            #expect(models.first { $0.name == Fixture.defaultModel }?.format == "Q4_1")
            #expect(models.first { $0.name == Fixture.defaultModel }?.problem == nil)
            #expect(models.first { $0.name == "broken" }?.problem != nil)
        }

        @Test func benchComparesThreadsCachesAndDepths() throws {
            let arguments = ["bench", Fixture.defaultModel, "-p", "8", "-n", "2", "-r", "1", "--depth", "4"]
            let one = try fixture.sotto(
                arguments + ["-t", "1", "--kv-type", "q8_0", "--instruction-set", "portable", "--json"])
            let speeds = try JSONDecoder().decode(Speeds.self, from: Data(one.output.utf8))
            #expect(speeds.instructionSet == "portable")
            #expect(speeds.prefill.tokens == 8 && speeds.decode.tokens == 2)
            #expect(speeds.prefill.tokensPerSecond.median > 0 && speeds.decode.tokensPerSecond.median > 0)
            #expect(speeds.machine.readBandwidth > 0 && speeds.machine.int8Peak > 0)
            let several = try fixture.sotto(
                arguments + ["-t", "1,2", "--depth", "0,4", "--kv-type", "f16,q8_0", "--json"])
            let rows = try JSONDecoder().decode([Speeds].self, from: Data(several.output.utf8))
            #expect(rows.map(\.threads) == [1, 1, 1, 1, 2, 2, 2, 2])
            #expect(rows.map(\.cache) == ["f16", "f16", "q8_0", "q8_0", "f16", "f16", "q8_0", "q8_0"])
            #expect(rows.map(\.depth) == [0, 4, 0, 4, 0, 4, 0, 4])
        }

        @Test func benchMeasuresKernels() throws {
            let arguments = ["bench", "--kernels", "--instruction-set", "portable", "-t", "1", "--formats", "q4_k"]
            let result = try fixture.sotto(arguments + ["--json"])
            let report = try JSONDecoder().decode(Kernels.self, from: Data(result.output.utf8))
            #expect(report.kernels.map(\.tokens) == [1, 1, 4, 4, 256, 256])
            #expect(report.kernels.allSatisfy { $0.format == "Q4_K" && $0.instructionSet == "portable" })
            #expect(report.kernels.allSatisfy { $0.bytesPerSecond > 0 && $0.multiplyAddsPerSecond > 0 })
            #expect(report.limits.count == 1 && report.limits.allSatisfy { $0.readBandwidth > 0 && $0.int8Peak > 0 })
            let table = try fixture.sotto(arguments).output
            #expect(table.contains("Q4_K") && table.contains("memory, 1 thread") && table.contains("GB/s"))
            #expect(table.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(table)")
        }

        @Test func benchTunesTheKernelsAndRemembersIt() throws {
            let arguments = ["bench", "--tune", "--instruction-set", "portable", "-t", "1"]
            let report = try JSONDecoder().decode(
                Tuning.self, from: Data(try fixture.sotto(arguments + ["--json"]).output.utf8))
            #expect(report.sets.map(\.instructionSet) == ["portable"])
            #expect(report.sets.allSatisfy { $0.rates.contains { $0.prefetch == report.sets[0].chosen.prefetch } })
            let remembered = try JSONDecoder().decode(
                [String: Tuning.Kernels].self,
                from: Data(contentsOf: fixture.home.appending(path: "cache/tuning.json")))
            #expect(Array(remembered.values) == report.sets.map(\.chosen))
            #expect(try fixture.sotto(arguments).output.contains("chosen"))
        }

        private struct Tuning: Decodable {
            let sets: [Choice]
            struct Choice: Decodable {
                let instructionSet: String
                let chosen: Kernels
                let rates: [Rate]
            }
            struct Rate: Decodable {
                let prefetch: Prefetch
            }
            struct Kernels: Decodable, Equatable {
                let prefetch: Prefetch
                let interleaves: Bool
            }
            struct Prefetch: Decodable, Equatable {
                let target: String
                let distance: Int
            }
        }

        @Test func benchMeasuresSpeculativeDecoding() throws {
            let arguments = [
                "bench", Fixture.defaultModel, "--speculation", "-n", "12", "-r", "1", "-t", "2", "--json",
            ]
            let result = try fixture.sotto(arguments)
            let rows = try JSONDecoder().decode([Speculation].self, from: Data(result.output.utf8))
            #expect(rows.count == 2)
            #expect(rows.allSatisfy { $0.repliesAgree && $0.tokens > 0 && $0.acceptedTokens <= $0.draftedTokens })
            #expect(rows.allSatisfy { $0.tokensPerSecond.with > 0 && $0.tokensPerSecond.without > 0 })
        }

        private struct Speculation: Decodable {
            let tokens, draftedTokens, acceptedTokens: Int
            let tokensPerSecond: Rates
            let repliesAgree: Bool
            struct Rates: Decodable { let without, with: Double }
        }

        private struct Kernels: Decodable {
            let limits: [Limit]
            let kernels: [Row]
            struct Limit: Decodable { let readBandwidth, int8Peak: Double }
            struct Row: Decodable {
                let format, instructionSet: String
                let tokens: Int
                let bytesPerSecond, multiplyAddsPerSecond: Double
            }
        }

        private struct Speeds: Decodable {
            let instructionSet: String
            let threads: Int
            let cache: String
            let depth: Int
            let prefill: Measured
            let decode: Measured
            let machine: Machine
            struct Measured: Decodable {
                let tokens: Int
                let tokensPerSecond: Rates
                let fraction: Double
            }
            struct Rates: Decodable { let median, min, max: Double }
            struct Machine: Decodable { let readBandwidth, int8Peak: Double }
        }

        private struct Reply: Decodable {
            let text: String
            let tokens: [Int32]
            let stop: String
            let stats: Stats
            struct Stats: Decodable { let generatedTokens: Int }
        }

        private struct Listed: Decodable {
            let name: String
            let format: String?
            let problem: String?
        }
    }
}
