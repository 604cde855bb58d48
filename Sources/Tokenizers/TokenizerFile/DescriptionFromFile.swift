import JSON

extension TokenizerDescription {
    /// From the files of a Hugging Face folder: the bytes of `tokenizer.json`, and the fields of `tokenizer_config.json`.
    ///
    /// A text becomes the same tokens as in the package `tokenizers`, except that special tokens are recognised only in
    /// trusted text. The file's `truncation` and `padding` are ignored.
    public init(tokenizerJSON: [UInt8], configuration: JSONObject?) throws(TokenizerError) {
        let root = try Self.root(tokenizerJSON)
        let version = root["version"]
        guard version.isAbsent || version.value?.string == "1.0" else {
            throw version.error("only version \"1.0\" is supported")
        }
        let added = try AddedToken.all(root["added_tokens"])
        let (model, tokens) = try TokenModel.read(root["model"], added: added)
        let template = try TokenTemplate(root["post_processor"], tokens: tokens.vocabulary.count)
        let pipeline = TokenizerPipeline(
            normalizers: try TextNormalizer.steps(root["normalizer"]),
            splitters: try WordSplitter.steps(root["pre_tokenizer"]), model: model, isOfModel: tokens.isOfModel,
            addedTokens: tokens.addedTokens, template: template, decoder: try TokenDecoder(root["decoder"]))
        self.init(model: model.family, vocabulary: tokens.vocabulary)
        self.pipeline = pipeline
        special.bos = token("bos_token", in: configuration) ?? template.before.first
        special.eos = token("eos_token", in: configuration) ?? template.after.last
        special.unknown = token("unk_token", in: configuration) ?? model.unknown
        addsBOS = special.bos != nil && special.bos == template.before.first
        addsEOS = special.eos != nil && special.eos == template.after.last
        // Some files do not list them as special tokens.
        for token in [special.bos, special.eos] { if let token { vocabulary.markControl(token) } }
    }

    /// The token that a field of `tokenizer_config.json` names: its text, or an object with the text as `content`.
    private func token(_ name: String, in configuration: JSONObject?) -> Int32? {
        let value = configuration?[name]
        return (value?.string ?? value?.object?["content"]?.string).flatMap(vocabulary.id(of:))
    }

    /// Large published files have 35 MB, and a file of lists takes twenty times its size in memory.
    private static let mostBytes = 64 << 20

    private static func root(_ bytes: [UInt8]) throws(TokenizerError) -> FileField {
        guard bytes.count <= mostBytes else {
            throw .file(field: "", problem: "\(bytes.count >> 20) MB; at most \(mostBytes >> 20) MB are supported")
        }
        let value: JSONValue
        do throws(JSONError) { value = try JSONReader.read(bytes) } catch {
            throw .file(field: "", problem: "\(error)")
        }
        guard value.object != nil else { throw .file(field: "", problem: "an object expected") }
        return FileField(value, "")
    }
}
