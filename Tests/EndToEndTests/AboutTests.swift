import Foundation
import Testing

extension EndToEndTests {
    /// `/about` with the facts of this build and this computer.
    @Suite struct AboutTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        @Test func reportsTheProgramAndTheComputer() throws {
            let result = try fixture.sotto(["--plain"], input: "/about\n")
            #expect(result.status == 0, "\(result.error)")
            let version = try fixture.sotto(["--version"]).output
            // Such as "sotto 0.1.0 (a1b2c3d, AVX-512)".
            for word in version.split(whereSeparator: { " (),\n".contains($0) }).dropFirst() {
                #expect(result.output.contains(word), "\(word) in:\n\(result.output)")
            }
            #expect(result.output.contains(/memory: [0-9.]+ GB/))
            #expect(result.output.contains(/threads: \d+ (of \d+ )?cores?/))
            for folder in ["sessions", "models", "themes"] {
                #expect(result.output.contains("\(folder): \(fixture.home.path)/\(folder)\n"))
            }
            #expect(result.output.contains("configuration: \(fixture.home.path)\n"))
            #expect(result.output.contains("BSD-2-Clause: cmark-gfm"))
        }

        #if os(Linux)
            @Test func oneProcessorMeansOneThread() throws {
                let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
                let processor = try #require(status.firstMatch(of: /Cpus_allowed_list:\s*(\d+)/)).1
                let result = try Command(
                    "taskset", ["-c", String(processor), Fixture.binary.path, "--plain"], input: "/about\n",
                    environment: ["SOTTO_HOME": fixture.home.path])
                #expect(result.status == 0, "\(result.error)")
                #expect(
                    result.output.contains(/threads: 1 (core|of \d+ cores \(limited by CPU affinity)/),
                    "\(result.output)")
            }
        #endif
    }
}
