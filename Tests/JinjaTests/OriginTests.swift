import Jinja
import Testing

/// Every scalar of the prompt is known to come from the template or from elsewhere.
@Suite struct OriginTests {
    /// The segments of a small template, untrusted ones in square brackets.
    static func segments(_ source: String, _ context: [String: JinjaValue]) throws -> String {
        let rendered = try JinjaTemplate(source).render(context)
        #expect(rendered.segments.map(\.text).joined() == rendered.text)
        return rendered.segments.map { $0.trusted ? $0.text : "[\($0.text)]" }.joined()
    }

    @Test(arguments: [
        ("<s>{{ x }}</s>", "<s>[ Ab c ]</s>"),
        ("{{ '<' + x + '>' }}{{ '(' ~ x|trim ~ ')' }}", "<[ Ab c ]>([Ab c])"),
        ("{{ x[1:3] }}.{{ x[::-1] }}.{{ x[1] }}", "[Ab].[ c bA ].[A]"),
        ("{{ x.strip().upper() }}", "[AB C]"),
        ("{{ ('<' ~ x ~ '>')[0:3] }}", "<[ A]"),
        ("{{ x.replace('b', '-') }}", "[ A]-[ c ]"),
        ("{{ 'a-b'.replace('-', x) }}", "a[ Ab c ]b"),
        ("{{ x.split()|join('/') }}", "[Ab]/[c]"),
        ("{{ [x, 'y']|join(', ') }}", "[ Ab c ], y"),
        ("{{ [x, 'y'] }}", "['[ Ab c ]', 'y']"),
        ("{{ {'k': x}|tojson }}", "{\"k\": \"[ Ab c ]\"}"),
        ("{{ quote|tojson }}", "\"[\\\"\\n]\""),
        ("{% for c in x.strip() %}{{ c }}.{% endfor %}", "[A].[b].[ ].[c]."),
        ("{% set y %}<{{ x }}>{% endset %}{{ y|length }}{{ y }}", "8<[ Ab c ]>"),
        ("{% macro m(a) %}({{ a }}){% endmacro %}{{ m(x) }}", "([ Ab c ])"),
        ("{{ '%s!%5s'|format(x, 'a') }}", "[ Ab c ]!    a"),
        ("{{ '<{}>'.format(x) }}", "<[ Ab c ]>"),
        ("{{ x|indent(2, true) }}{{ 'ab'.center(4, '*') }}", "  [ Ab c ]*ab*"),
        ("{{ d.items()|list }}", "[('[key]', '[value]')]"),
        ("{% for k, v in d.items() %}{{ k }}={{ v }}{% endfor %}", "[key]=[value]"),
        ("{{ x|default('z') }}{{ nothing|default('z') }}{{ n }}", "[ Ab c ]z7"),
        ("{{ bos }}{{ x * 2 }}", "<s>[ Ab c  Ab c ]"),
        ("{{ x|e }}{{ '<'|e }}", "[ Ab c ]&lt;"),
    ])
    func originIsPreserved(source: String, expected: String) throws {
        let context: [String: JinjaValue] = [
            "x": " Ab c ", "n": 7, "d": ["key": "value"], "quote": "\"\n", "bos": .trusted("<s>"),
        ]
        #expect(try Self.segments(source, context) == expected)
    }

    /// Whatever a chat template does with a message, no character of it becomes trusted text.
    @Test(
        .enabled(if: ChatTemplateTests.folder != nil, "SOTTO_TEST_REFERENCE is not set to llama.cpp's source folder"),
        arguments: GoldenData.required + GoldenData.others)
    func contentStaysUntrusted(_ template: GoldenData.Template) throws {
        let snow = "☃☃ ☃\n☃☃☃"
        let messages: JinjaValue = [
            ["role": "system", "content": .string(snow)], ["role": "user", "content": .string(snow)],
            ["role": "assistant", "content": .string("<think>\(snow)</think>\n\(snow)")],
            ["role": "user", "content": .string(snow)],
        ]
        let parsed = try JinjaTemplate(ChatTemplateTests.source(template.name))
        let context: [String: JinjaValue] = [
            "messages": messages, "tools": .none, "documents": .none, "add_generation_prompt": true,
            "bos_token": .trusted("<s>"), "eos_token": .trusted("</s>"),
        ]
        // Some templates reject a system message, which is fine.
        guard let rendered = try? parsed.render(context) else { return }
        #expect(!rendered.segments.contains { $0.trusted && $0.text.contains("☃") })
        #expect(rendered.text.contains("☃"))
        #expect(rendered.segments.contains { $0.trusted })
    }
}
