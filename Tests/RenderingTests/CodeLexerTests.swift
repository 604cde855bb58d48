import Rendering
import TUI
import TestSupport
import Testing

/// The spans with roles that the lexer finds in each language.
@Suite struct CodeLexerTests {
    /// "role:text" of every span that is not plain.
    private func roles(_ language: String, _ code: String) -> [String] {
        var lexer = CodeLexer(language: language)
        return code.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
            let spans = lexer.spans(of: String(line))
            #expect(spans.map(\.text).joined() == line)
            return spans.filter { $0.role != .codeBlock }.map { piece in
                var name = piece.role.rawValue
                if name.hasPrefix("syntax") { name = name.dropFirst(6).lowercased() }
                return "\(name):\(piece.text)"
            }
        }
    }

    @Test func swift() {
        #expect(
            roles(
                "swift",
                "@main struct A { let x: Int = 0x1F_0 // c\n  /* a /* b */ still\n end */ func f() { print(\"\\\"s\") }"
            ) == [
                "directive:@main", "keyword:struct", "type:A", "keyword:let", "type:Int", "number:0x1F_0",
                "comment:// c",
                "comment:/* a /* b */ still", "comment: end */", "keyword:func", "function:f", "function:print",
                "string:\"\\\"s\"",
            ])
        #expect(
            roles("swift", "let s = \"\"\"\n  if \"x\"\n  \"\"\"; true\n#if DEBUG") == [
                "keyword:let", "string:\"\"\"", "string:  if \"x\"", "string:  \"\"\"", "constant:true",
                "directive:#if",
                "constant:DEBUG",
            ])
    }

    @Test func python() {
        #expect(
            roles(
                "py",
                "@cache\ndef f(self, n: int) -> str:\n    '''doc\n    if'''\n    return f\"{n}\" + 'a' # c\nNone 1e-5")
                == [
                    "directive:@cache", "keyword:def", "function:f", "constant:self", "type:int", "type:str",
                    "string:'''doc",
                    "string:    if'''", "keyword:return", "string:f\"{n}\"", "string:'a'", "comment:# c",
                    "constant:None",
                    "number:1e-5",
                ])
    }

    @Test func c() {
        #expect(
            roles("c", "#include <stdio.h>\n#define MAX 3\nint main(void) { char c = '\\n'; return a < b; }") == [
                "directive:#include", "string:<stdio.h>", "directive:#define", "constant:MAX", "number:3", "type:int",
                "function:main", "type:void", "type:char", "string:'\\n'", "keyword:return",
            ])
        #expect(
            roles("c++", "auto s = R\"(a\nb)\"; std::vector<int> v; 1'000") == [
                "keyword:auto", "string:R\"(a", "string:b)\"", "type:vector", "type:int", "number:1'000",
            ])
    }

    @Test func rust() {
        #expect(
            roles(
                "rust", "#[derive(Debug)]\nfn f<'a>(x: &'a str) -> char { 'b' }\nlet r = r#\"a\"b\"#; println!(\"x\")")
                == [
                    "directive:#[derive(Debug)]", "keyword:fn", "variable:'a", "variable:'a", "type:str", "type:char",
                    "string:'b'", "keyword:let", "string:r#\"a\"b\"#", "string:\"x\"",
                ])
    }

    @Test func go() {
        #expect(
            roles("go", "func main() {\n\tx := `a\nb` // c\n\tvar m map[string]int = nil\n}") == [
                "keyword:func", "function:main", "string:`a", "string:b`", "comment:// c", "keyword:var", "keyword:map",
                "type:string", "type:int", "constant:nil",
            ])
    }

    @Test func javaScript() {
        #expect(
            roles("js", "const re = /a[/]b/gi; let n = a / b / 2;\nconst t = `x\n${y}`; foo(null)") == [
                "keyword:const", "string:/a[/]b/gi", "keyword:let", "number:2", "keyword:const", "string:`x",
                "string:${y}`", "function:foo", "constant:null",
            ])
        #expect(roles("ts", "interface A { x: number }") == ["keyword:interface", "type:A", "type:number"])
    }

    @Test func java() {
        #expect(
            roles("java", "@Override public int f() { return 1L; } /* a\nb */ String s = \"x\";") == [
                "directive:@Override", "keyword:public", "type:int", "function:f", "keyword:return", "number:1L",
                "comment:/* a", "comment:b */", "type:String", "string:\"x\"",
            ])
    }

    @Test func shell() {
        #expect(
            roles(
                "bash",
                "if grep -q \"$x\" a.txt; then\n  export A=1 # c\n  cat <<'EOF' | wc --lines\nif x\nEOF\nfi\necho ${B} $1 a#b"
            ) == [
                "keyword:if", "function:grep", "constant:-q", "string:\"$x\"", "keyword:then", "keyword:export",
                "variable:A", "number:1", "comment:# c", "function:cat", "keyword:<<'EOF'", "function:wc",
                "constant:--lines", "string:if x", "keyword:EOF", "keyword:fi", "function:echo", "variable:${B}",
                "variable:$1",
            ])
    }

    @Test func json() {
        #expect(
            roles("json", "{\"a\": [1, -2.5e3, \"b\", true], \"c\" : null}") == [
                "property:\"a\"", "number:1", "number:2.5e3", "string:\"b\"", "constant:true", "property:\"c\"",
                "constant:null",
            ])
    }

    @Test func yaml() {
        #expect(
            roles("yaml", "---\n# c\na: 1\n- b-c: \"x: y\" # d\n  e: |\n    f: g\n\n    h\n  i: &n true\nurl: http://x")
                == [
                    "directive:---", "comment:# c", "property:a", "number:1", "property:b-c", "string:\"x: y\"",
                    "comment:# d",
                    "property:e", "string:    f: g", "string:    h", "property:i", "variable:&n", "constant:true",
                    "property:url",
                ])
    }

    @Test func html() {
        #expect(
            roles(
                "html",
                "<!-- a\n b --><a href=\"x\">if &amp; b</a>\n<script>let a = '<b>'\n</script>\n<style>p { color: red }</style> a < b"
            ) == [
                "comment:<!-- a", "comment: b -->", "tag:a", "property:href", "string:\"x\"", "constant:&amp", "tag:a",
                "tag:script", "keyword:let", "string:'<b>'", "tag:</script", "tag:style", "tag:p", "property:color",
                "tag:</style",
            ])
    }

    @Test func css() {
        #expect(
            roles("css", "@media print { a:hover, .b { margin: 1.5em 10%; color: #fff } } /* x\ny */ #id {}") == [
                "directive:@media", "tag:print", "property:a", "type:.b", "property:margin", "number:1.5em",
                "number:10%",
                "property:color", "constant:#fff", "comment:/* x", "comment:y */", "constant:#id",
            ])
    }

    @Test func sql() {
        #expect(
            roles("sql", "SELECT count(*), 'it''s' FROM t WHERE id = 3 -- c\n/* a\n*/ create table x (n VARCHAR(10));")
                == [
                    "keyword:SELECT", "function:count", "string:'it''s'", "keyword:FROM", "keyword:WHERE", "number:3",
                    "comment:-- c", "comment:/* a", "comment:*/", "keyword:create", "keyword:table", "type:VARCHAR",
                    "number:10",
                ])
    }

    @Test func diff() {
        #expect(
            roles("diff", "--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new\n same") == [
                "directive:--- a", "directive:+++ b", "diffHunk:@@ -1 +1 @@", "diffDeleted:-old", "diffInserted:+new",
            ])
    }

    @Test func unknownLanguagesAreNotHighlighted() {
        #expect(roles("klingon", "if \"x\" // y").isEmpty)
        #expect(roles("", "let a = 1").isEmpty)
        #expect(roles("Swift", "let") == ["keyword:let"])
    }

    static let languages = [
        "swift", "python", "c", "cpp", "rust", "go", "js", "ts", "java", "sh", "json", "yaml", "html", "css", "sql",
        "diff",
    ]

    @Test(arguments: languages) func spansAddUpToTheLine(language: String) {
        var generator = SeededGenerator(seed: 3)
        let marks = [
            "\"", "'", "/*", "*/", "//", "#", "<", ">", "<script>", "{", "}", "<<EOF", "`", "\\", ":", "|", "a", "1",
            " ", "é", "r#\"",
        ]
        for _ in 0..<60 {
            var lexer = CodeLexer(language: language)
            for _ in 0..<8 {
                var line = generator.text(length: 10).filter { !$0.isNewline }
                for _ in 0..<10 { line += marks.randomElement(using: &generator) ?? "" }
                #expect(lexer.spans(of: line).map(\.text).joined().utf8.elementsEqual(line.utf8))
            }
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: languages) func longLinesTakeLinearTime(language: String) {
        for piece in ["'", "\"", "/*", "<a ", "{", "a:", "<<E ", "/", "`", "#", "r#\"", "$", "@", "- ", "\\"] {
            var lexer = CodeLexer(language: language)
            _ = lexer.spans(of: String(repeating: piece, count: 2_000))
        }
    }

    /// With a search to an end of the line for each mark, each of these would take many minutes.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [("js", "", "/["), ("json", "", "{\"a\":"), ("c", " ", "#"), ("css", "", "\"a\""), ("ts", "", "/")])
    func marksThatAreNeverClosedTakeLinearTime(language: String, blank: String, mark: String) {
        var lexer = CodeLexer(language: language)
        let line = String(repeating: blank, count: 60_000) + String(repeating: mark, count: 60_000)
        #expect(lexer.spans(of: line).map(\.text).joined() == line)
    }

    @Test(.timeLimit(.minutes(1))) func linesOfTabsTakeLinearTime() {
        let line = String(repeating: "\ta", count: 10_000)
        var layout = MarkdownLayout(options: .init(width: 80))
        layout.extend(to: "```go\n\(line)\n```\n", isComplete: true)
        // Each "a" is at the first column after a tab stop.
        #expect(layout.lines.count > 500 && layout.lines[1].text.hasPrefix("      a   a   a"))
    }
}
