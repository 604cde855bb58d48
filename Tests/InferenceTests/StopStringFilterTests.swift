import Inference
import Testing

/// Stop strings across pieces of a reply, and text that only looks like the beginning of one.
struct StopStringFilterTests {
    @Test(arguments: [
        (["Hello\nUs", "er: more"], ["\nUser:"], ["Hello", ""], true),
        (["a<", "b", "<<e", "nd>>x"], ["<end>"], ["a", "<b", "<", ""], true),
        (["ab", "ab", "c"], ["abc"], ["", "ab", ""], true),
        (["no", " stop"], [], ["no", " stop"], false),
        (["x", "y"], [""], ["x", "y"], false),
        (["naï", "ve é"], ["é!"], ["naï", "ve "], false),
        (["one two"], ["two", "one"], [""], true),
    ])
    func shows(_ pieces: [String], _ stops: [String], _ expected: [String], _ ends: Bool) {
        var filter = StopStringFilter()
        let outputs = pieces.map { filter.push($0, stops: stops) }
        #expect(outputs.map(\.text) == expected)
        #expect(outputs.last?.stopped == ends)
    }

    @Test func returnsHeldText() {
        var filter = StopStringFilter()
        #expect(filter.push("maybe <en", stops: ["<end>"]).text == "maybe ")
        #expect(filter.finish() == "<en")
    }

    /// A stop string that the user removes during a reply no longer holds back text.
    @Test func stopStringsCanChange() {
        var filter = StopStringFilter()
        #expect(filter.push("a<", stops: ["<b"]).text == "a")
        #expect(filter.push("c", stops: []).text == "<c")
    }
}
