import Jinja
import Testing

/// Real templates with random damage: rendering must end in text or an error, and soon.
@Suite struct FuzzTests {
    /// SplitMix64: the same damage in every run.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    /// What is inserted: keywords of the language, edge cases of numbers, and delimiters.
    private static let pieces = [
        "{%", "%}", "{{", "}}", "{#", "#}", "-%}", "{%-", "(", ")", "[", "]", "{", "}", "'", "\"", "\\", "|", ".", ",",
        ":", "~", "**", "//", "%", "*", "-", "[::-1]", "[-1:]", " is ", " not ", " in ", " if ", " else ", " and ",
        "|tojson(indent=2)", "|length", "|sort", "|list", "|join(',')", "|int", "|string", "|reverse", "|first",
        "|items", ".split('')", ".format(1)", "%s", "loop.", "loop.nextitem", "namespace(a=1)", "range(9)", "none",
        "true", "'a' * ", "9223372036854775807", "-1", "1e308", "0", "messages", "messages[0]", "é", "\u{0}", "\n",
        "{% for m in messages %}", "{% endfor %}", "{% endif %}", "{% macro m() %}", "{% endmacro %}", "{{ m() }}",
        "{% break %}", "{% set x %}",
    ]

    private static func damage(_ source: [Unicode.Scalar], _ generator: inout Generator) -> String {
        var scalars = source
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            let start = Int.random(in: 0...scalars.count, using: &generator)
            let end = min(scalars.count, start + Int.random(in: 0...30, using: &generator))
            let piece = Array(pieces[Int.random(in: pieces.indices, using: &generator)].unicodeScalars)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: scalars.removeSubrange(start..<end)
            case 1: scalars.insert(contentsOf: scalars[start..<end], at: start)
            case 2: scalars.insert(contentsOf: piece, at: start)
            default: scalars.replaceSubrange(start..<end, with: piece)
            }
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    @Test(
        .enabled(if: ChatTemplateTests.folder != nil, "SOTTO_TEST_REFERENCE is not set to llama.cpp's source folder"),
        arguments: GoldenData.required + GoldenData.others)
    func damagedTemplatesRenderOrThrow(_ template: GoldenData.Template) throws {
        let source = Array(try ChatTemplateTests.source(template.name).unicodeScalars)
        var generator = Generator(state: UInt64(source.count))
        var limits = JinjaLimits()
        limits.steps = 200_000
        let contexts = GoldenData.contexts.sorted { $0.key < $1.key }.map(\.value)
        for round in 0..<80 {
            let damaged = Self.damage(source, &generator)
            do throws(JinjaError) {
                let context = contexts[round % contexts.count]
                let rendered = try JinjaTemplate(damaged, limits: limits).render(context, limits: limits)
                #expect(rendered.segments.map(\.text).joined() == rendered.text)
            } catch {
                #expect(!error.message.isEmpty || error.kind == .raised)
            }
        }
    }
}
