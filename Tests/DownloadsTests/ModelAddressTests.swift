import Downloads
import Testing

@Suite struct ModelAddressTests {
    @Test(arguments: [
        ("hf:alice/Tiny-GGUF", "hf.co/alice/Tiny-GGUF"),
        ("HF:alice/Tiny-GGUF:q4_k_m", "hf.co/alice/Tiny-GGUF:q4_k_m"),
        ("hf.co/alice/Tiny-GGUF:UD-Q4_K_XL", "hf.co/alice/Tiny-GGUF:UD-Q4_K_XL"),
        ("huggingface.co/alice/Tiny-GGUF", "hf.co/alice/Tiny-GGUF"),
        ("https://huggingface.co/alice/Tiny-GGUF", "hf.co/alice/Tiny-GGUF"),
        ("https://huggingface.co/alice/Tiny-GGUF/", "hf.co/alice/Tiny-GGUF"),
        ("https://huggingface.co/alice/Tiny-GGUF/tree/main?x=1", "hf.co/alice/Tiny-GGUF"),
        ("https://hf.co/alice/Tiny-GGUF/resolve/main/tiny.gguf?download=true", "hf.co/alice/Tiny-GGUF:tiny.gguf"),
        ("https://huggingface.co/alice/Tiny-GGUF/blob/main/Q8/a.gguf", "hf.co/alice/Tiny-GGUF:Q8/a.gguf"),
        ("ollama.com/llama3.2", "ollama.com/llama3.2:latest"),
        ("https://ollama.com/library/llama3.2:1b", "ollama.com/llama3.2:1b"),
        ("ollama:llama3.2:1b", "ollama.com/llama3.2:1b"),
        ("Ollama.com/alice/mine:v2", "ollama.com/alice/mine:v2"),
        ("registry.ollama.ai/library/llama3.2:1b", "ollama.com/llama3.2:1b"),
        ("ollama:registry.ollama.ai/library/llama3.2:1b", "ollama.com/llama3.2:1b"),
        ("ollama:registry.example.com/alice/mine", "ollama:registry.example.com/alice/mine:latest"),
        ("ollama:localhost:5000/alice/mine:v2", "ollama:localhost:5000/alice/mine:v2"),
        ("http://example.com/a/model.gguf", "http://example.com/a/model.gguf"),
        ("default", "default"),
        ("https://huggingface.co/alice/Tiny/resolve/main/a%20b.gguf", "hf.co/alice/Tiny:a b.gguf"),
        ("smollm2-135m-instruct.q4_1", "default"),
    ])
    func readsWhatUsersType(text: String, whole: String) throws {
        let address = try ModelAddress(text)
        #expect(address.description == whole)
        #expect(try ModelAddress(whole) == address)
    }

    @Test func aRevisionIsKept() throws {
        let url = "https://huggingface.co/alice/Tiny-GGUF/resolve/v1.0/tiny.gguf"
        #expect(try ModelAddress(url) == .file(url: url))
    }

    @Test(arguments: [
        "", "llama3.2", "llama3.2:1b", "alice/Tiny-GGUF", "hf:alice", "hf:alice/", "hf:/Tiny", "hf:../Tiny",
        "hf:alice/..",
        "hf:.alice/x", "hf:alice/Tiny:", "hf:alice/Ti ny", "hf:alice/Tiny:a\u{1B}[2J", "hf:alice/Tiny/other/main",
        "https://huggingface.co/alice/Tiny/tree/dev", "hf.co/alice/Tiny/resolve/main/x.gguf:Q8", "ollama.com/",
        "ollama.com/a/b/c", "ollama.com/a:b:c", "ollama.com/..", "ollama.com/a:../../x", "ollama:a/b/c", "ollama:/b/c",
        "ollama:host.example:x/b/c", "ollama:ho@st.example/b/c", "ftp://example.com/x.gguf", "file:///etc/passwd",
        "http://user:word@example.com/x.gguf", "https://", "https://exa mple.com/x.gguf", "./model.gguf",
    ])
    func refusesEverythingElse(text: String) {
        #expect {
            try ModelAddress(text)
        } throws: { error in
            guard case .invalidAddress = error as? PullError else { return false }
            let line = "\(error)"
            return line.contains("hf.co/OWNER/NAME") && !line.contains("\n")
        }
    }

    @Test func settingsComeFromTheEnvironment() {
        let plain = PullSettings(environment: ["HOME": "/nowhere"])
        #expect(plain.hubEndpoint == "https://huggingface.co" && plain.registryEndpoint == "https://registry.ollama.ai")
        #expect(plain.hubToken == nil && !plain.isOffline)
        let own = PullSettings(environment: [
            "HOME": "/nowhere", "HF_ENDPOINT": "https://mirror.example/", "SOTTO_OLLAMA_REGISTRY": "http://box:1/",
            "SOTTO_OFFLINE": "1", "HF_TOKEN": " hf_abc\n", "HUGGING_FACE_HUB_TOKEN": "other",
        ])
        #expect(own.hubEndpoint == "https://mirror.example" && own.registryEndpoint == "http://box:1" && own.isOffline)
        #expect(own.hubToken?.source == "HF_TOKEN")
        #expect(PullSettings(environment: ["SOTTO_OFFLINE": "0", "HOME": "/nowhere"]).isOffline == false)
        let older = PullSettings(environment: ["HOME": "/nowhere", "HF_TOKEN": "", "HUGGING_FACE_HUB_TOKEN": "x"])
        #expect(older.hubToken?.source == "HUGGING_FACE_HUB_TOKEN")
        // No token that would break out of its header.
        #expect(PullSettings(environment: ["HOME": "/nowhere", "HF_TOKEN": "a\r\nX: 1"]).hubToken == nil)
    }

    @Test func tokensPrintAsDots() {
        let settings = PullSettings(environment: ["HF_TOKEN": "hf_secret"])
        var text = ""
        dump(settings, to: &text)
        #expect(!"\(settings)\(String(reflecting: settings))\(text)".contains("hf_secret"))
    }
}
