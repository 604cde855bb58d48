import JSON
import Tokenizers

/// A `tokenizer.json` with the tokens `<s>`, `a`, `b`, `ab` and a merge of `a` and `b`.
struct SmallFile {
    var added: [Added] = []
    /// More tokens of the model.
    var extra: [(String, Int)] = []
    /// More fields of the model, and of the file, each followed by a comma.
    var model = ""
    var parts = ""
    var decoder = #"{"type":"Fuse"}"#

    struct Added {
        let text: String

        init(_ content: String, special: Bool = false, normalized: Bool = false, flags: String = "") {
            text = """
                {"id":0,"content":"\(content)",\(flags)"normalized":\(normalized),"special":\(special)}
                """
        }
    }

    var text: String {
        let vocabulary = [("<s>", 0), ("a", 1), ("b", 2), ("ab", 3)] + extra
        return """
            {"version":"1.0","truncation":null,"padding":null,"added_tokens":[\(added.map(\.text).joined(separator: ","))],
            \(parts)"decoder":\(decoder),"model":{"type":"BPE",\(model)
            "vocab":{\(vocabulary.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ","))},"merges":["a b"]}}
            """
    }

    func description(_ configuration: JSONObject? = nil) throws -> TokenizerDescription {
        try TokenizerDescription(tokenizerJSON: Array(text.utf8), configuration: configuration)
    }
}
