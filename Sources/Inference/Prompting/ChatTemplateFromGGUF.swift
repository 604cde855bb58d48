import GGUF
import Jinja
import Tokenizers

extension ChatTemplate {
    /// The chat template in a model file; nil if it has none.
    ///
    /// - Parameter tokenizer: the file's tokenizer, for the texts of BOS and EOS.
    public init?(_ file: GGUFFile, tokenizer: Tokenizer?) throws(JinjaError) {
        guard let source = file.metadata["tokenizer.chat_template"]?.string else { return nil }
        func text(_ token: Int32?) -> String {
            guard let token, let tokenizer else { return "" }
            return tokenizer.decode([token], special: true)
        }
        try self.init(source: source, bos: text(tokenizer?.bos), eos: text(tokenizer?.eos))
    }
}
