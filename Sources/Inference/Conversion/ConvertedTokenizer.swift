import GGUF
import Tokenizers

/// The metadata of a GGUF file about a tokenizer.
struct ConvertedTokenizer {
    private let form: TokenizerDescription

    /// Throws if GGUF files cannot describe the tokenizer.
    init(_ description: TokenizerDescription) throws(TokenizerError) { form = try description.formForGGUF() }

    /// - Parameters:
    ///   - rows: of the embedding matrix. Readers expect as many tokens.
    ///   - template: the chat template; nil for base models.
    func add(to writer: inout GGUFWriter, rows: Int, template: String?) {
        func key(_ name: String) -> String { "tokenizer.ggml.\(name)" }
        writer.add(key("model"), .string(form.model.rawValue))
        if let name = form.preTokenizer { writer.add(key("pre"), .string(name)) }
        let vocabulary = form.vocabulary
        let ids = Int32(0)..<Int32(vocabulary.count)
        let missing = max(0, rows - vocabulary.count)
        writer.add(
            key("tokens"),
            strings: ids.map { id in
                // Names must differ.
                vocabulary.kind(of: id) == .unused
                    ? "[PAD\(id)]" : String(decoding: vocabulary.bytes(of: id), as: UTF8.self)
            } + (0..<missing).map { "[PAD\(vocabulary.count + $0)]" })
        writer.add(
            key("token_type"),
            int32s: ids.map { Int32(vocabulary.kind(of: $0).rawValue) }
                + Array(repeating: Int32(TokenKind.unused.rawValue), count: missing))
        if form.model == .sentencePiece {
            writer.add(key("scores"), float32s: ids.map(vocabulary.score) + Array(repeating: -1e30, count: missing))
        }
        if form.merges.count > 0 {
            writer.add(
                key("merges"), strings: (0..<form.merges.count).map { String(decoding: form.merges[$0], as: UTF8.self) }
            )
        }
        let special = form.special
        for (name, token) in [
            ("bos", special.bos), ("eos", special.eos), ("unknown", special.unknown), ("eot", special.endOfTurn),
        ] {
            if let token { writer.add(key("\(name)_token_id"), .uint32(UInt32(token))) }
        }
        for (name, flag) in [
            ("add_bos_token", form.addsBOS), ("add_eos_token", form.addsEOS),
            ("add_space_prefix", form.addsSpacePrefix),
        ] {
            if let flag { writer.add(key(name), .bool(flag)) }
        }
        if let template { writer.add("tokenizer.chat_template", .string(template)) }
    }
}
