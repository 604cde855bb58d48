import Foundation
import Testing

extension EndToEndTests {
    /// What is generated from the program's own tables.
    @Suite struct ReferenceTests {
        let fixture: Fixture

        init() throws { fixture = try Fixture() }

        @Test func referenceIsUpToDate() throws {
            let file = Fixture.root.appending(path: "docs/reference.md")
            let printed = try fixture.sotto(["manual", "--markdown"])
            #expect(printed.status == 0 && printed.error.isEmpty)
            // Compared outside the expectation, which would print both.
            let isUpToDate = try String(contentsOf: file, encoding: .utf8) == printed.output
            #expect(isUpToDate, "docs/reference.md is out of date. Run scripts/reference and commit the result")
        }

        @Test func manualPageHasNoWarnings() throws {
            let page = try fixture.sotto(["manual"])
            #expect(page.output.hasPrefix(".TH SOTTO 1 ") && page.status == 0)
            for part in [".SH CHAT OPTIONS", "\\-\\-theme", "/preset", "top_k", "SOTTO_MODELS"] {
                #expect(page.output.contains(part), "\(part)")
            }
            let file = try fixture.file("sotto.1", holding: Data(page.output.utf8))
            for check in ["mandoc -Tlint", "groff -man -ww -z -Kutf8"] {
                let tool = check.prefix { $0 != " " }
                guard try Command("sh", ["-c", "command -v \(tool)"]).status == 0 else {
                    print("skipped: \(check), which is not installed")
                    continue
                }
                let result = try Command("sh", ["-c", "\(check) '\(file)'"])
                #expect(
                    result.status == 0 && result.output.isEmpty && result.error.isEmpty,
                    "\(result.output + result.error)")
            }
        }

        @Test func versionNamesCommitAndInstructionSet() throws {
            let version = try fixture.sotto(["--version"])
            #expect(version.status == 0 && version.error.isEmpty)
            #expect(
                version.output.contains(/^sotto \d+\.\d+\.\d+ \(([0-9a-f]{7,}, )?[A-Z][^,]+\)\n$/), "\(version.output)")
        }
    }
}
