/// The special tokens that absorb adjacent whitespace.
///
/// GGUF does not store this property of a vocabulary, so the few families that have it are recognised by name.
struct WhitespaceStripping: Sendable {
    private(set) var left: Set<Int32> = []
    private(set) var right: Set<Int32> = []

    init(_ description: TokenizerDescription, specials: [Int32]) {
        let vocabulary = description.vocabulary
        let name = description.modelName.lowercased()
        if Self.maskStrippers.contains(description.preTokenizer ?? "") {
            left.formUnion(["<mask>"].compactMap(vocabulary.id(of:)))
        } else if name.contains("phi-3") || name.contains("phi3") {
            right.formUnion(specials + ["</s>"].compactMap(vocabulary.id(of:)))
            right.subtract(["<unk>", "<s>", "<|endoftext|>"].compactMap(vocabulary.id(of:)))
        } else if name.contains("modern-bert") {
            left.formUnion(["[MASK]"].compactMap(vocabulary.id(of:)))
        }
    }

    private static let maskStrippers: Set = ["jina-v2-de", "jina-v2-es", "jina-v2-code"]
}
