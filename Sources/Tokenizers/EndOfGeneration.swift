/// The tokens that end a reply.
///
/// Files name only one or two of them, so well-known names count as well, as in llama.cpp. Some files do not even mark
/// these tokens as control tokens.
enum EndOfGeneration {
    private static let names = [
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>", "<end_of_turn>",
        "<|endoftext|>", "</s>", "<|eom_id|>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<|end_of_text|>",
        "<end_of_utterance>", "<eos>", "<turn|>", "<|tool_response>", "<｜end▁of▁sentence｜>", "[e~[",
    ]

    /// Padding, repository and file markers of code models, after which no useful text follows.
    private static let fillInTheMiddleNames = [
        "<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]",
        "<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>",
        "<|file_sep|>",
    ]

    /// Marks the well-known tokens as control tokens in `vocabulary` and returns all tokens that end a reply.
    static func tokens(
        _ special: TokenizerDescription.SpecialTokens, in vocabulary: inout Vocabulary
    ) -> Set<Int32> {
        // A template's marker counts only if the file says that it is no text; otherwise it is a stop text.
        let ofTemplate = special.templateEnd.flatMap(vocabulary.id(of:))
            .flatMap { vocabulary.kind(of: $0) == .control ? $0 : nil }
        let named = (names + fillInTheMiddleNames).compactMap(vocabulary.id(of:)) + (ofTemplate.map { [$0] } ?? [])
        var tokens = Set(named + special.fillInTheMiddleEnds)
        // In these families, the end of a channel does not end the reply, and `</s>` is ordinary text.
        func has(_ names: String...) -> Bool {
            names.allSatisfy { vocabulary.id(of: $0).map(tokens.contains) ?? false }
        }
        var exceptions: [String] = []
        if has("<|return|>", "<|call|>") || has("<|calls|>", "<|flush|>") { exceptions.append("<|end|>") }
        if has("<|tool_response>") { exceptions.append("</s>") }
        tokens.subtract(exceptions.compactMap(vocabulary.id(of:)))
        tokens.formUnion([special.eos, special.endOfTurn, special.endOfMessage].compactMap { $0 })
        for token in named where tokens.contains(token) { vocabulary.markControl(token) }
        return tokens
    }
}
