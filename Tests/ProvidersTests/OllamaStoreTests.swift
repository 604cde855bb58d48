import Chat
import Foundation
import Testing

@testable import Providers

/// Manifests in Ollama's store, and what their layers say.
struct OllamaStoreTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    private func model(_ name: String = "tiny:1b") throws -> ModelInfo { try fixture.discovery().find(name) }

    /// A model "tiny:1b" with a layer of text.
    private func write(_ type: String, _ text: String) throws {
        try fixture.weights(1)
        try fixture.blob(2, text)
        try fixture.manifest("registry.ollama.ai/library/tiny/1b", [("model", 1), (type, 2)])
    }

    // MARK: Names

    @Test func everyHostNamespaceAndTagIsListedAsInOllama() throws {
        try fixture.weights(1)
        for name in [
            "registry.ollama.ai/library/llama3.2/1b", "registry.ollama.ai/library/llama3.2/latest",
            "registry.ollama.ai/alice/mine/latest", "hf.co/user/repo/Q4_K_M", "localhost:5000/team/model/v1",
        ] { try fixture.manifest(name, [("model", 1)]) }
        #expect(
            Set(fixture.names()) == [
                "llama3.2:1b", "llama3.2:latest", "alice/mine:latest", "hf.co/user/repo:Q4_K_M",
                "localhost:5000/team/model:v1",
            ])
        for (typed, name) in [
            ("alice/mine", "alice/mine:latest"), ("llama3.2", "llama3.2:latest"),
            ("registry.ollama.ai/library/llama3.2:1b", "llama3.2:1b"), ("HF.co/user", "hf.co/user/repo:Q4_K_M"),
        ] { #expect(try model(typed).reference.name == name) }
    }

    /// The file is a blob without a name of its own.
    @Test func aMakersMixIsReadFromTheTag() throws {
        try fixture.weights(1)
        try fixture.manifest("hf.co/alice/Tiny-GGUF/UD-Q4_K_XL", [("model", 1)])
        #expect(try model("hf.co/alice/Tiny-GGUF:UD-Q4_K_XL").format == "UD-Q4_K_XL")
    }

    @Test func ownFolderMayHaveOllamasLayout() throws {
        try fixture.weights(1, in: "own")
        try fixture.manifest("registry.ollama.ai/library/tiny/1b", [("model", 1)], in: "own")
        // Another file of the same name in Ollama's own store.
        try fixture.weights(2)
        try fixture.manifest("registry.ollama.ai/library/tiny/1b", [("model", 2)])
        let models = fixture.discovery().models()
        #expect(models.map(\.reference.name) == ["registry.ollama.ai/library/tiny:1b", "tiny:1b"])
        #expect(models.map(\.store) == [.ollama, .own])
    }

    @Test func weightsThatAreAFileElsewhereAreListedOnceUnlessTheyReplyDifferently() throws {
        try fixture.weights(1)
        try fixture.blob(2, "Be brief.")
        try fixture.link("own/Linked.gguf", to: "../.ollama/models/blobs/sha256-\(StoreFixture.digest(1))")
        try fixture.manifest("registry.ollama.ai/library/tiny/1b", [("model", 1)])
        try fixture.manifest("registry.ollama.ai/alice/mine/latest", [("model", 1), ("system", 2)])
        #expect(fixture.names() == ["alice/mine:latest", "Linked"])
        #expect(try model("tiny:1b").store == .ollama)
    }

    // MARK: Hostile stores

    @Test func damagedManifestsAreNotListed() throws {
        try fixture.weights(1)
        let good = StoreFixture.digest(1)
        let secret = try fixture.gguf("secret.gguf")
        func layer(_ digest: String) -> String {
            #"{"layers":[{"mediaType":"application/vnd.ollama.image.model","digest":"\#(digest)"}]}"#
        }
        let damages = [
            "", "{", "[]", "null", #"{"layers":{}}"#, #"{"layers":[]}"#, #"{"layers":[3]}"#,
            layer("sha256:../../../secret.gguf"), layer("sha256:\(String(repeating: "../", count: 16))secret"),
            layer("sha256-\(good.dropLast())"), layer("sha256:\(good.dropLast())G"), layer("md5:\(good)"),
            layer("sha256:\(StoreFixture.digest(77))"), layer("/\(secret)"),
            String(repeating: "[", count: 100_000), layer("sha256:\(good)") + String(repeating: " ", count: 1 << 20),
        ]
        for (number, text) in damages.enumerated() {
            try fixture.write(".ollama/models/manifests/registry.ollama.ai/library/bad/\(number)", text)
        }
        // Names with control characters, spaces or a missing part.
        for name in ["a\u{1b}[31m/library/x/1", "host/n s/x/1", "host/..x/y/1", "host/library/x"] {
            try fixture.write(".ollama/models/manifests/\(name)", layer("sha256:\(good)"))
        }
        #expect(fixture.names().isEmpty)
        try fixture.write(".ollama/models/manifests/registry.ollama.ai/library/good/1", layer("sha256:\(good)"))
        #expect(fixture.names() == ["good:1"])
    }

    @Test func noLinkLeadsToABlobElsewhere() throws {
        try fixture.gguf("secret.gguf")
        try fixture.link(".ollama/models/blobs/sha256-\(StoreFixture.digest(1))", to: "../../../secret.gguf")
        try fixture.manifest("registry.ollama.ai/library/tiny/1b", [("model", 1)])
        #expect(fixture.names().isEmpty)
        // The same for text, which would be shown.
        try fixture.weights(3)
        try fixture.write("secret.txt", "secret")
        try fixture.link(".ollama/models/blobs/sha256-\(StoreFixture.digest(2))", to: "../../../secret.txt")
        try fixture.manifest("registry.ollama.ai/library/tiny/1b", [("model", 3), ("system", 2)])
        #expect(try model().defaults == nil)
        // The folder of blobs itself may be a link, for example to a larger disk.
        try FileManager.default.moveItem(
            at: fixture.ollama.appending(path: "blobs"), to: fixture.root.appending(path: "disk"))
        try fixture.link(".ollama/models/blobs", to: "../../disk")
        #expect(try model().problem == nil)
    }

    // MARK: Layers

    @Test func systemAndParametersBecomeDefaults() throws {
        try fixture.weights(1)
        try fixture.blob(2, "You are Mario.\nAnswer as Mario.")
        try fixture.blob(
            3,
            """
            {"temperature": 0.6, "top_k": 20.0, "top_p": 0.95, "min_p": 0, "repeat_penalty": 1, "num_ctx": 8192,
             "num_predict": 300, "seed": 42, "repeat_last_n": -1, "mirostat": 0, "num_gpu": 99, "num_keep": 24,
             "stop": ["<|im_start|>", "", "<|im_end|>"]}
            """)
        try fixture.manifest(
            "registry.ollama.ai/library/tiny/1b", [("model", 1), ("system", 2), ("params", 3), ("messages", 4)])
        let info = try model()
        let defaults = try #require(info.defaults)
        #expect(defaults.system == "You are Mario.\nAnswer as Mario.")
        #expect(defaults.stop == ["<|im_start|>", "<|im_end|>"])
        #expect(
            defaults.settings == [
                "temperature": .number(0.6), "topK": .integer(20), "topP": .number(0.95), "minP": .number(0),
                "repeatPenalty": .number(1), "contextLength": .integer(8192), "maxTokens": .integer(300),
                "seed": .seed(42), "repeatLastN": .integer(-1), "mirostat": .integer(0),
            ])
        #expect(info.notes.isEmpty && info.problem == nil)
    }

    @Test func parametersOutOfRangeAreNotUsed() throws {
        try write(
            "params",
            #"{"temperature": 99, "top_k": -5, "top_p": "0.5", "min_p": "much", "seed": 1.5, "num_predict": -1, "stop": "x"}"#
        )
        let info = try model()
        #expect(info.defaults?.settings == ["topP": .number(0.5)] && info.defaults?.stop == ["x"])
        #expect(info.notes.count == 4)
        #expect(
            info.notes.first
                == "Its parameter temperature is not used: temperature must be a number from 0 to 5, not \"99\"")
        for (text, reason) in [("[1]", "not a JSON object"), ("{", "not a JSON object")] {
            try write("params", text)
            #expect(try model().defaults == nil)
            #expect(try model().notes.first?.contains(reason) == true)
        }
    }

    @Test func hugeAndUnreadableTextIsNotUsed() throws {
        try write("system", String(repeating: "a", count: 1 << 20 + 1))
        #expect(try model().defaults == nil)
        #expect(try model().notes.first?.contains("larger than 1 MiB") == true)
        try fixture.write(".ollama/models/blobs/sha256-\(StoreFixture.digest(2))", [0xff, 0xfe] as [UInt8])
        #expect(try model().notes.first?.contains("UTF-8") == true)
        try write("system", " \n")
        #expect(try model().defaults == nil && model().notes.isEmpty)
    }

    @Test func templateIsReplacedWithANote() throws {
        try write("template", "{{ .Prompt }}")
        #expect(try model().notes.first?.contains("no chat template") == true)
        try fixture.weights(1, template: "{{ messages }}")
        #expect(try model().notes == ["Ollama's template is not used; the model's own chat template is"])
    }

    @Test func licenseComesFromTheLayerIfTheFileNamesNone() throws {
        for (text, name) in [
            ("\n  LLAMA 3.2 COMMUNITY LICENSE AGREEMENT\nVersion", "LLAMA 3.2 COMMUNITY LICENSE AGREEMENT"),
            ("   Apache License\n   Version 2.0, January 2004", "Apache-2.0"), ("MIT License\n\nCopyright", "MIT"),
        ] {
            try write("license", text)
            #expect(try model().license == name)
            #expect(try fixture.discovery().license(of: "tiny:1b") == text)
        }
        try fixture.weights(1, license: "cc0-1.0")
        #expect(try model().license == "cc0-1.0")
        #expect(try fixture.discovery().license(of: "tiny:1b") == "cc0-1.0")
    }

    @Test func aModelKeepsItsAdapter() throws {
        try write("adapter", "GGUF")
        let adapter = fixture.ollama.appending(path: "blobs/sha256-\(StoreFixture.digest(2))").path
        #expect(try model().adapter == adapter)
        #expect(try model().problem == nil)
        try fixture.remove(".ollama/models/blobs/sha256-\(StoreFixture.digest(2))")
        #expect(try model().problem == "Its LoRA adapter is missing in Ollama's store")
        try write("license", "none")
        #expect(try model().adapter == nil)
        // A projector is for images, and does not change replies to text.
        try write("projector", "GGUF")
        #expect(try model().problem == nil)
    }
}
