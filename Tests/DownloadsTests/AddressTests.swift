import Downloads
import Testing

@Suite struct AddressTests {
    @Test(arguments: [
        ("hf:alice/Tiny-GGUF", "hf.co/alice/Tiny-GGUF"), ("HF.co/alice/Tiny", "hf.co/alice/Tiny"),
        ("huggingface.co/alice/Tiny:q4_k_m", "hf.co/alice/Tiny:q4_k_m"),
        ("https://huggingface.co/alice/Tiny?library=x", "hf.co/alice/Tiny"),
        ("https://huggingface.co/alice/Tiny/tree/main", "hf.co/alice/Tiny"),
        ("https://huggingface.co/alice/Tiny/resolve/main/a/b.gguf?download=true", "hf.co/alice/Tiny:a/b.gguf"),
        ("https://huggingface.co/alice/Tiny/blob/main/b.gguf", "hf.co/alice/Tiny:b.gguf"),
        ("ollama.com/llama3.2", "ollama.com/llama3.2:latest"), ("ollama:llama3.2:1b", "ollama.com/llama3.2:1b"),
        ("registry.ollama.ai/library/qwen3:4b", "ollama.com/qwen3:4b"),
        ("ollama.com/bob/mine", "ollama.com/bob/mine:latest"),
        ("ollama:example.com:5000/bob/mine:v1", "ollama:example.com:5000/bob/mine:v1"),
        ("https://example.com/a/model.gguf", "https://example.com/a/model.gguf"), ("Default", "default"),
        ("SmolLM2-135M-Instruct.Q4_1", "default"),
    ])
    func everyFormIsRead(text: String, whole: String) throws {
        let address = try ModelAddress(text)
        #expect("\(address)" == whole)
        #expect(try ModelAddress("\(address)") == address)
    }

    @Test(arguments: [
        "", " ", "llama3.2", "hf:alice", "hf:alice/..", "hf:../Tiny", "hf:alice/Ti ny", "hf:alice/Tiny:a b", "hf:a/b:",
        "hf:a/b:\u{1B}[31m", "hf:alice/Tiny/other", "ollama.com/", "ollama.com/a/b/c", "ollama.com/a:b:c",
        "ollama.com/.hidden", "ollama:../a/b", "ftp://example.com/m.gguf", "file:///etc/passwd", "https://",
        "hf:" + String(repeating: "a", count: 300) + "/b", "hf:alice/Tïny",
    ])
    func otherTextsAreRefusedInOneLine(text: String) {
        let error = #expect(throws: PullError.self) { try ModelAddress(text) }
        let line = error.map { "\($0)" } ?? ""
        #expect(line.contains("hf.co/OWNER/NAME"))
        #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F })
    }
}
