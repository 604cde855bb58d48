import Foundation
import Jinja
import Testing

/// A hostile template must end in an error, soon, and without exhausting the stack.
@Suite struct LimitTests {
    /// The kind of error when rendering on a thread with a stack as small as macOS gives to threads.
    static func kind(_ source: String, _ context: [String: JinjaValue] = [:]) -> JinjaError.Kind? {
        let box = Box()
        // Fewer steps than usual, to keep the tests fast.
        var limits = JinjaLimits()
        limits.steps = 2_000_000
        let limited = limits
        let thread = Thread {
            do throws(JinjaError) {
                _ = try JinjaTemplate(source).render(context, limits: limited)
            } catch {
                box.kind = error.kind
            }
            box.done.signal()
        }
        #if DEBUG
            // Frames are several times larger without optimisation.
            thread.stackSize = 4 * 1024 * 1024
        #else
            thread.stackSize = 512 * 1024
        #endif
        thread.start()
        box.done.wait()
        return box.kind
    }

    /// The result of the thread; the semaphore orders the write before the read.
    private final class Box: @unchecked Sendable {
        let done = DispatchSemaphore(value: 0)
        var kind: JinjaError.Kind?
    }

    /// A hostile template, named for what is wrong with it.
    struct Hostile: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let source: String

        init(_ name: String, _ source: String) { (testDescription, self.source) = (name, source) }

        /// `before`, ten thousand times `open`, `middle`, ten thousand times `close`, `after`.
        init(deep name: String, _ before: String, _ open: String, _ middle: String, _ close: String, _ after: String) {
            self.init(name, before + repeated(open, 10_000) + middle + repeated(close, 10_000) + after)
        }
    }

    static func repeated(_ text: String, _ count: Int = 20_000) -> String { String(repeating: text, count: count) }

    static let deep: [Hostile] = [
        Hostile(deep: "brackets", "{{ ", "(", "1", ")", " }}"),
        Hostile(deep: "lists", "{{ ", "[", "", "]", " }}"),
        Hostile(deep: "dictionaries", "{{ ", "{1:", "1", "}", " }}"),
        Hostile(deep: "subscripts", "{{ ", "a[", "1", "]", " }}"),
        Hostile(deep: "calls", "{{ ", "a(", "", ")", " }}"),
        Hostile(deep: "signs", "{{ ", "- ", "1", "", " }}"),
        Hostile(deep: "conditions", "{{ 1", " if 1", "", "", " }}"),
        Hostile(deep: "tests", "{{ ", "1 is eq [", "1", "]", " }}"),
        Hostile(deep: "blocks", "", "{% if 1 %}", "", "{% endif %}", ""),
        Hostile(deep: "loops", "", "{% for i in a %}", "", "{% endfor %}", ""),
        Hostile(deep: "macros", "", "{% macro m() %}", "", "{% endmacro %}", ""),
        Hostile(deep: "targets", "{% set ", "(", "a", ")", " = 1 %}"),
    ]

    @Test(arguments: deep)
    func deeplyNestedSourceIsRejected(_ hostile: Hostile) {
        #expect(Self.kind(hostile.source) == .limit)
    }

    /// Chains of one precedence are flat: their length uses no stack.
    static let long: [Hostile] = [
        Hostile("sum", "{{ 1\(repeated(" + 1")) }}"),
        Hostile("concatenation", "{{ 1\(repeated(" ~ 1")) }}"),
        Hostile("logic", "{{ 1\(repeated(" and 1")) }}"),
        Hostile("negation", "{{ \(repeated("not "))1 }}"),
        Hostile("comparison", "{{ 1\(repeated(" == 1")) }}"),
        Hostile("filters", "{{ 'a'\(repeated("|trim")) }}"),
        Hostile("conditional", "{{ 1\(repeated(" if 0 else 1")) }}"),
        Hostile("branches", "{% if 0 %}\(repeated("{% elif 0 %}")){% endif %}"),
    ]

    @Test(arguments: long)
    func longChainsAreAccepted(_ hostile: Hostile) {
        #expect(Self.kind(hostile.source) == nil)
    }

    static let costly: [Hostile] = [
        Hostile("endless recursion", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"),
        Hostile("recursion in arguments", "{% macro m(a) %}{{ m(m(a ~ [a])) }}{% endmacro %}{{ m(1) }}"),
        Hostile(
            "recursion of callers",
            "{% macro m() %}{% call m() %}{{ caller() }}{% endcall %}{% endmacro %}{{ m() }}"),
        Hostile("a recursive loop", "{% for i in [[1]] recursive %}{{ loop([i]) }}{% endfor %}"),
        Hostile(
            "values within values",
            "{% set n = namespace(x=1) %}{% for i in range(9999) %}{% set n.x = [n.x] %}{% endfor %}"),
        Hostile(
            "dictionaries within",
            "{% set n = namespace(x=1) %}{% for i in range(999) %}{% set n.x = {1: n.x} %}{% endfor %}"),
        Hostile("a namespace in itself", "{% set n = namespace() %}{% set n.n = n %}{{ n }}"),
        Hostile("shared values printed", doubling + "{{ n.x }}"),
        Hostile("shared values compared", doubling + "{{ n.x == n.x[:] }}"),
        Hostile("shared values as JSON", doubling + "{{ n.x|tojson }}"),
        Hostile(
            "shared values as a key",
            doubling.replacing("[", with: "(").replacing("]", with: ")") + "{{ {n.x: 1} }}"),
        Hostile(
            "a doubling string",
            "{% set n = namespace(x='ab') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}"),
        Hostile(
            "a doubling list",
            "{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}"),
        Hostile("a long string", "{{ 'a' * 999999999999 }}"),
        Hostile("a long list", "{{ [1] * 999999999999 }}"),
        Hostile("lengths that overflow", "{{ 'ab' * 9223372036854775807 }}"),
        Hostile("a wide field", "{{ '%999999999d' % 1 }}"),
        Hostile("another wide field", "{{ '{:>999999999}'.format(1) }}"),
        Hostile("much padding", "{{ 'a'.center(999999999) }}"),
        Hostile("much indentation", "{{ 'a'|indent(999999999) }}"),
        Hostile("a replacement that grows", "{{ ('a' * 9999).replace('', 'b' * 9999) }}"),
        Hostile("a long range", "{{ range(9999999999) }}"),
        Hostile("loops in loops", repeated("{% for i in range(1000) %}", 5) + repeated("{% endfor %}", 5)),
        Hostile("much output", "{% for i in range(99999) %}{{ 'a' * 9999 }}{% endfor %}"),
        Hostile("many long sort keys", "{{ ([['a' * 999999]] * 9999)|sort|length }}"),
        Hostile("many long words", "{{ (['A' * 999999] * 9999)|map('lower')|list|length }}"),
        Hostile(
            "many prefixes",
            "{% set a = 'a' * 999999 %}{% for i in range(9999) %}{{ a.startswith(a) }}{% endfor %}"),
        Hostile("many searches", "{% set a = 'a' * 999999 %}{% for i in range(9999) %}{{ 'b' in a }}{% endfor %}"),
        Hostile("many keys", "{% set a = 'a' * 999999 %}{% for i in range(9999) %}{% set b = {a: 1} %}{% endfor %}"),
        Hostile(
            "many namespaces",
            "{% for i in range(99999) %}{% for j in range(9) %}{% set a = namespace() %}{% endfor %}{% endfor %}"),
        Hostile("large numbers", "{{ 9223372036854775807 + 1 }}"),
        Hostile("large powers", "{{ 10 ** 99999 }}"),
    ]

    @Test(arguments: costly)
    func costIsBounded(_ hostile: Hostile) {
        #expect(Self.kind(hostile.source) == .limit)
    }

    /// A list that contains itself twice, forty times over: small in memory, endless to traverse.
    private static let doubling =
        "{% set n = namespace(x=[1, 2]) %}{% for i in range(40) %}{% set n.x = [n.x, n.x] %}{% endfor %}"

    /// Numbers at the limits of an integer.
    @Test(arguments: [
        "{{ range(0, 9223372036854775807, 9223372036854775806)|list }}",
        "{{ range(-9223372036854775807, 9223372036854775807, 9223372036854775807)|list }}",
        "{{ 'abc'[-9223372036854775807:9223372036854775807:9223372036854775807] }}",
        "{{ 'abc'[::-9223372036854775807] }}",
        "{{ 'abc'[9223372036854775807] }}{{ 'abc'[-9223372036854775807] }}",
        "{{ 'abc'.find('c', -9223372036854775807, 9223372036854775807) }}",
        "{{ 'a b'.split(none, 9223372036854775807) }}{{ 'a'.zfill(-9223372036854775807) }}",
        "{{ -9223372036854775807 // -1 }}{{ -9223372036854775807 % -1 }}{{ (-9223372036854775807)|abs }}",
        "{{ 1e308 * 10 }}{{ (1e308 * 10)|int }}{{ (1e308 * 10)|round }}{{ '%d' % 5.9 }}",
    ])
    func integerEdgeCases(source: String) {
        #expect(Self.kind(source) == nil)
    }

    @Test func deeplyNestedContextIsRejected() {
        var value: JinjaValue = 1
        for _ in 0..<200 { value = .list([value]) }
        #expect(Self.kind("{{ x }}", ["x": value]) == .limit)
    }

    @Test func errorsHaveALine() throws {
        let error = #expect(throws: JinjaError.self) { try JinjaTemplate("a\n{{ b.c }}").render([:]) }
        #expect(error?.description == "Chat template, line 2: 'b' is undefined")
        let syntax = #expect(throws: JinjaError.self) { try JinjaTemplate("a\n\n{% if %}") }
        #expect(syntax?.line == 3)
        let raised = #expect(throws: JinjaError.self) {
            try JinjaTemplate("{{ raise_exception('two\\nlines \\x1b[2J') }}").render([:])
        }
        #expect(raised?.message == "two\nlines \u{1b}[2J")
        #expect(raised?.description == "Chat template, line 1: two lines  [2J")
    }
}
