import Foundation
import Jinja
import Testing

/// Renders real chat templates with two dozen conversations and compares with Python's jinja2
/// (`scripts/golden/chat_templates.py`).
///
/// The templates come from `models/templates` in llama.cpp's source folder, which is set in SOTTO_TEST_REFERENCE.
@Suite struct ChatTemplateTests {
    static let folder = ProcessInfo.processInfo.environment["SOTTO_TEST_REFERENCE"].map { $0 + "/models/templates/" }

    static func source(_ name: String) throws -> String {
        if name == "SmolLM2" { return GoldenData.embedded }
        return try String(contentsOfFile: (folder ?? "") + name, encoding: .utf8)
    }

    @Test func theDefaultModel() throws {
        let template = try #require(GoldenData.required.first { $0.name == "SmolLM2" })
        try check(template)
    }

    @Test(
        .enabled(if: folder != nil, "SOTTO_TEST_REFERENCE is not set to llama.cpp's source folder"),
        arguments: GoldenData.required + GoldenData.others)
    func matchesPython(_ template: GoldenData.Template) throws { try check(template) }

    private func check(_ template: GoldenData.Template) throws {
        let source = try Self.source(template.name)
        #expect(template.outcomes.count > 20)
        for (conversation, expected) in template.outcomes {
            let (outcome, error) = GoldenData.render(source, try #require(GoldenData.contexts[conversation]))
            #expect(
                GoldenData.agrees(outcome, with: expected),
                "\(conversation): \(outcome), expected \(expected)\(error.map { " (\($0))" } ?? "")")
        }
    }
}
