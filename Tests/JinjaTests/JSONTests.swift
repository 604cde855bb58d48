import JSON
import Jinja
import Testing

@Suite struct JSONValuesTests {
    private func roundTrip(_ json: String) throws -> String {
        try JinjaTemplate("{{ x|tojson }}").render(["x": JinjaValue(json: json)]).text
    }

    @Test(arguments: [
        #"{"b": 1, "a": [true, false, null], "": {}}"#, #""é 😀 \" \\ \n \u0001""#, "-0.5", "[]",
        "123456789012345678", "1e+16", "[[[[]]]]", #"{"e\u0301": 1, "\u00e9": 2}"#,
    ])
    func roundTrips(json: String) throws {
        let normal = json.replacing(#"e\u0301"#, with: "e\u{301}").replacing(#"\u00e9"#, with: "\u{e9}")
        #expect(Array(try roundTrip(json).utf8) == Array(normal.utf8))
    }

    @Test func escapesAndNumbers() throws {
        let text = try roundTrip(#" [ "\ud83d\ude00\/\u00e9\ud800x" , 1E2 , 99999999999999999999 ] "#)
        #expect(text == "[\"😀/é\u{FFFD}x\", 100.0, 1e+20]")
        #expect(try roundTrip(#"{"a": 1, "b": 2, "a": 3}"#) == #"{"a": 3, "b": 2}"#)
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\":}", "{\"a\" 1}", "{a: 1}", "[1 2]", "tru", "nul", "\"a", "\"\\x\"", "\"\\u12\"",
        "01x", "-", "1.", "1e", "[1] 2", "\"a\nb\"", "'a'", String(repeating: "[", count: 101),
    ])
    func rejectsInvalidJSON(json: String) {
        #expect(throws: JSONError.self) { try JinjaValue(json: json) }
    }

    @Test func errorsHaveALocation() {
        let error = #expect(throws: JSONError.self) { try JinjaValue(json: "{\n  \"a\": x}") }
        #expect(error?.description == "JSON error at line 2, column 8: expected a value")
    }
}
