import Reasoning
import Testing
import Tokenizers

@testable import Inference

/// Which stop strings end a reply, in its thoughts and in its answer.
struct ReplyTextTests {
    /// One token a piece, without a vocabulary of bytes.
    private func reply(
        _ pieces: [String], stops: [String] = [], implied: [String] = []
    ) throws -> (text: String, reasoning: String, isStopped: Bool) {
        let vocabulary = try Vocabulary(pieces: PieceList(pieces), kinds: pieces.map { _ in .userDefined })
        let tokenizer = try Tokenizer(TokenizerDescription(model: .sentencePiece, vocabulary: vocabulary))
        var reply = ReplyText(tokenizer: tokenizer, splitter: ReasoningSplitter(), impliedStops: implied)
        var (text, reasoning) = ("", "")
        for token in pieces.indices {
            let (chunk, isStopped) = reply.push(Int32(token), stops: stops)
            text += chunk.text
            reasoning += chunk.reasoning
            if isStopped {
                #expect(reply.finish(isStopped: true) == nil)
                return (text, reasoning, true)
            }
        }
        let rest = reply.finish(isStopped: false)
        return (text + (rest?.text ?? ""), reasoning + (rest?.reasoning ?? ""), false)
    }

    @Test func stopStringsCountInTheAnswerOnly() throws {
        let pieces = ["<think>", "First, STOP", " and go.", "</think>", "Go", " ST", "OP!"]
        let stopped = try reply(pieces, stops: ["STOP"])
        #expect(stopped.isStopped && stopped.text == "Go " && stopped.reasoning.contains("STOP and go."))
        let whole = try reply(pieces, stops: ["HALT"])
        #expect(!whole.isStopped && whole.text == "Go STOP!")
    }

    /// A beginning of a stop string at the end of the thoughts is theirs.
    @Test func heldTextStaysWhereItBelongs() throws {
        let reply = try reply(["<think>", "Hm <", "</think>", "end>"], stops: ["<end>"], implied: ["<|x|>"])
        #expect(!reply.isStopped && reply.reasoning == "Hm <" && reply.text == "end>")
    }

    @Test func whatThePromptImpliesEndsThoughtsToo() throws {
        let reply = try reply(["<think>", "Hm", "<|im_", "done|>", "more"], implied: ["<|im_done|>"])
        #expect(reply.isStopped && reply.reasoning == "Hm" && reply.text.isEmpty)
    }
}
