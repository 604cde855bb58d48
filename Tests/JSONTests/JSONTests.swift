import Foundation
import JSON
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        "null", "true", "0", "-0", "1.50e+10", "123456789012345678901234567890", "1e999", "\"\"", "[]", "{}",
        #"["a",{"b":[1,2,{"c":null}]}]"#, #""é 👩‍👩‍👧 \u0000 \n \" \\""#,
    ])
    func compactTextRoundTrips(_ text: String) throws {
        #expect(JSONWriter.compact(try JSONReader.read(Array(text.utf8))) == text)
    }

    /// As Python's json module writes them; the configurations of some state spaces have one.
    @Test func infinitiesAreNumbersWhereTheyAreAllowed() throws {
        let value = try JSONReader.read(Array("[0.5,Infinity,-Infinity,NaN,-1]".utf8), infinities: true)
        let items = try #require(value.array)
        #expect(items.count == 5 && items[0].double == 0.5 && items[4].integer == -1)
        for item in items[1...3] { #expect(item.double == nil && item.integer == nil) }
        for text in ["Infinity", "-Infinity", "NaN"] {
            #expect(throws: JSONError.self) { try JSONReader.read(text) }
        }
        for text in ["Inf", "-I", "Nan", "--Infinity"] {
            #expect(throws: JSONError.self) { try JSONReader.read(Array(text.utf8), infinities: true) }
        }
    }

    @Test func readsEscapes() throws {
        let text = #""\u00e9\ud83d\ude00\/\b\f\ud800x\udc00\ud800A""#
        #expect(try JSONReader.read(Array(text.utf8)) == .string("é😀/\u{8}\u{c}\u{fffd}x\u{fffd}\u{fffd}A"))
    }

    @Test func prettyTextIsSortedAndIndented() {
        let value = JSONValue.object(["b": .array([.integer(1), .object([:])]), "a": .null, "B": .array([])])
        #expect(JSONWriter.pretty(value) == "{\n  \"B\": [],\n  \"a\": null,\n  \"b\": [\n    1,\n    {}\n  ]\n}\n")
    }

    @Test func fieldsKeepOrderAndNameBytes() throws {
        let object = try #require(try JSONReader.read(#"{"b":1,"e\u0301":2,"a":3,"\u00e9":4,"b":5}"#).object)
        #expect(object.map { Array($0.name.utf8) } == ["b", "e\u{301}", "a", "\u{e9}"].map { Array($0.utf8) })
        #expect(object.map(\.value) == [.integer(5), .integer(2), .integer(3), .integer(4)])
        var other = object
        other["a"] = nil
        #expect(other.map(\.value) == [.integer(5), .integer(2), .integer(4)] && other["\u{e9}"] == .integer(4))
        #expect(other != object)
        other["a"] = .integer(3)
        #expect(other == object)
    }

    @Test func errorsAndFieldsHaveLines() throws {
        let error = #expect(throws: JSONError.self) { try JSONReader.read("{\n  \"a\": x}") }
        #expect(error?.description == "JSON error at line 2, column 8: expected a value")
        let object = try #require(try JSONReader.read("{ \"a\": [\n\n],\n \"b\"\n: 1}").object)
        #expect(object.map(\.line) == [1, 4] && object.field("b")?.line == 4 && object.field("c") == nil)
    }

    @Test func controlCharactersAreEscaped() {
        #expect(JSONWriter.compact(.string("\u{1b}[2J\u{9b}\u{7f}")) == #""\u001b[2J\u009b\u007f""#)
    }

    /// All that the terminal would reorder text for, and what Unicode ends lines with.
    @Test(arguments: [0x61C, 0x200E, 0x200F, 0x2028, 0x2029] + Array(0x202A...0x202E) + Array(0x2066...0x2069))
    func charactersThatReorderTextAreEscaped(_ code: UInt32) throws {
        let text = try #require(Unicode.Scalar(code)).description
        let written = JSONWriter.compact(.object([text: .string(text)]))
        #expect(written.utf8.allSatisfy { $0 < 0x80 })
        #expect(try JSONReader.read(Array(written.utf8)) == .object([text: .string(text)]))
    }

    @Test(arguments: [
        "", " ", "nul", "01", "1.", "-", "+1", ".5", "1e", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}",
        "{\"a\":1,}",
        "\"", "\"\\x\"", "\"\\u12g4\"", "\"\\u+123\"", "\"\n\"", "[1]]", "NaN", "'a'", "[", "{", "\u{feff}",
    ])
    func rejectsInvalidJSON(_ text: String) {
        #expect(throws: JSONError.self) { try JSONReader.read(Array(text.utf8)) }
    }

    @Test func rejectsInvalidUTF8() {
        #expect(throws: JSONError.self) { try JSONReader.read([0x22, 0xff, 0x22]) }
    }

    @Test func depthIsLimited() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(throws: Never.self) { try JSONReader.read(nested(JSONReader.depthLimit)) }
        #expect(throws: JSONError.self) { try JSONReader.read(nested(JSONReader.depthLimit + 1)) }
        #expect(throws: JSONError.self) { try JSONReader.read(nested(1_000_000)) }
    }

    @Test func agreesWithFoundation() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let value = JSONValue.random(depth: 4, using: &random)
            let text = JSONWriter.pretty(value)
            #expect(try JSONReader.read(Array(text.utf8)) == value)
            let theirs = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
            let back = try JSONSerialization.data(withJSONObject: [theirs])
            let ours = try JSONReader.read(Array(back))
            #expect(ours == .array([value]))
        }
    }

    @Test func lenientReadingSkipsErrors() {
        func read(_ text: String) -> String {
            let (value, errors) = JSONReader.readLeniently(text)
            return "\(JSONWriter.compact(value)) \(errors.map(\.line))"
        }
        #expect(read("{\n\"a\": 1\n\"b\": 2,\n}") == #"{"a":1,"b":2} [2, 3]"#)
        #expect(read("[1,\n// two, and more\nx,\n4,\n[5, y, 6]]") == "[1,4,[5,6]] [2, 3, 5]")
        #expect(read("{\"a\": \"open,\n\"b\": true}") == #"{"b":true} [1]"#)
        #expect(read("{\"a\": {\"b\": #1, \"c\": 2}, 'd': 3, \"e\": 4} 5") == #"{"a":{"c":2},"e":4} [1]"#)
        #expect(read("{\"a\": [1") == #"{"a":[1]} [1]"#)
        #expect(read("[1, 2]") == "[1,2] []")
        #expect(read("") == "null [1]")
    }

    @Test func lenientReadingStopsIfMostIsWrong() {
        for piece in ["[", "{", "a,", "{\"", "}\n", "[x,\n", "\"a\" \"b\"\n", "{\"a\": \n"] {
            let (_, errors) = JSONReader.readLeniently("{\"a\": [" + String(repeating: piece, count: 200_000))
            #expect((1...JSONReader.errorLimit).contains(errors.count), "\(piece)")
        }
    }

    @Test func recoveryAlwaysKeepsTheBeginning() {
        let text = Array(#"{"a":[1,{"b":"words of wisdom"}],"c":true}"#.utf8)
        for cut in 0..<text.count {
            let (value, error) = JSONReader.recover(Array(text[..<cut]))
            #expect(error != nil)
            if cut > 20 { #expect(value.object?["a"]?.array?.first == .integer(1)) }
        }
        for end in ["", "\\", "\\u12", "\u{1}", "\n\",\"b\":1}"] {
            let (value, error) = JSONReader.recover(Array((#"{"a":"words of wi"# + end).utf8))
            #expect(value == .object(["a": .string("words of wi")]) && error != nil)
        }
    }
}

extension JSONValue {
    static func random(depth: Int, using random: inout some RandomNumberGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
        case 0: .null
        case 1: .bool(.random(using: &random))
        case 2, 3: .integer(Int.random(in: -1_000_000...1_000_000, using: &random))
        case 4:
            .string(
                String(
                    String.UnicodeScalarView(
                        (0..<Int.random(in: 0..<12, using: &random)).compactMap { _ in
                            Unicode.Scalar(UInt32.random(in: 0..<0x11000, using: &random))
                        })))
        case 5:
            .array((0..<Int.random(in: 0..<5, using: &random)).map { _ in .random(depth: depth - 1, using: &random) })
        default:
            .object(
                JSONObject(
                    (0..<Int.random(in: 0..<5, using: &random)).map { index in
                        ("k\(index)", .random(depth: depth - 1, using: &random))
                    }))
        }
    }
}
