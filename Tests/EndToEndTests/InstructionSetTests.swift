import Foundation
import Testing

extension EndToEndTests {
    /// The option `--instruction-set` and its environment variable.
    @Suite struct InstructionSetTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        private static let names = ["portable", "avx2", "avx-vnni", "avx512", "neon"]
        private static let logits = ["logits", Fixture.defaultModel, "--tokens", "1,2,3"]

        private func sotto(_ arguments: [String], variable: String?, input: String? = nil) throws -> Command {
            try Command(
                Fixture.binary.path, arguments, input: input,
                environment: ["SOTTO_HOME": fixture.home.path, "SOTTO_INSTRUCTION_SET": variable])
        }

        @Test func variableIsUsedUnlessTheOptionOverridesIt() throws {
            #expect(try sotto(["--version"], variable: "portable").output.hasSuffix(", portable)\n"))
            #expect(!(try sotto(["--version"], variable: "").output.hasSuffix(", portable)\n")))
            let about = try sotto(["--plain"], variable: "portable", input: "/about\n")
            #expect(about.output.contains("instruction set: portable\n"), "\(about.output)")
            let overridden = try sotto(Self.logits + ["--instruction-set", "portable"], variable: "sse9")
            #expect(overridden.status == 0, "\(overridden.error)")
        }

        @Test func everyAvailableSetFindsTheSameToken() throws {
            // "1, 2, 3, 4, 5,"
            let arguments = [
                "logits", Fixture.defaultModel, "--tokens", "33,28,216,34,28,216,35,28,216,36,28,216,37,28",
            ]
            let results = try Self.names.map { try sotto(arguments + ["--instruction-set", $0], variable: nil) }
            #expect(results[0].status == 0, "\(results[0].error)")
            for result in results where result.status == 0 {
                // A space, before the next number. The logits themselves differ by rounding.
                #expect(result.output.hasPrefix("After token 14:\n  216\t"), "\(result.output)")
            }
        }

        @Test func mistakesAreOneLineWithTheNames() throws {
            let wrongOption = try sotto(Self.logits + ["--instruction-set", "sse9"], variable: nil)
            let wrongVariable = try sotto(Self.logits, variable: "sse9")
            for result in [wrongOption, wrongVariable, try sotto(["--plain"], variable: "sse9")] {
                #expect(result.status == 64 && result.output.isEmpty)
                #expect(result.error.hasPrefix("sotto: ") && result.error.count { $0 == "\n" } == 1)
                #expect(Self.names.allSatisfy(result.error.contains), "\(result.error)")
            }
            #expect(wrongVariable.error.contains("SOTTO_INSTRUCTION_SET"))
        }

        @Test func missingSetIsReportedWithTheAvailableOnes() throws {
            let results = try ["avx512", "neon"].map { try sotto(Self.logits, variable: $0) }
            // No processor has both.
            let missing = try #require(results.first { $0.status != 0 })
            #expect(missing.error.hasPrefix("sotto: This processor does not support "))
            #expect(missing.error.contains("portable") && missing.error.count { $0 == "\n" } == 1, "\(missing.error)")
        }

        @Test func commandsThatDoNotComputeIgnoreTheVariable() throws {
            #expect(try sotto(["models"], variable: "sse9").status == 0)
            #expect(try sotto(["--version"], variable: "sse9").status == 0)
        }
    }
}
