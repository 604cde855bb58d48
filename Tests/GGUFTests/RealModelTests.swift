import Foundation
import GGUF
import Testing

/// The folder with the two real models. Tests that need them are skipped unless SOTTO_TEST_MODELS is set.
private let models = ProcessInfo.processInfo.environment["SOTTO_TEST_MODELS"]

@Suite(.enabled(if: models != nil, "Set SOTTO_TEST_MODELS to the folder of the real models"))
struct RealModelTests {
    @Test(arguments: ["SmolLM2-135M-Instruct.Q4_1", "gemma-3-270m-Q4_K_M"])
    func tensorsMatchThePythonReader(model: String) throws {
        let file = try GGUFFile(path: "\(models!)/\(model).gguf")
        let golden = try Golden.text("\(model).tensors.txt")
        let listed = file.tensors.map { tensor in
            "\(tensor.name) \(tensor.type) \(tensor.dimensions.map(String.init).joined(separator: "x")) "
                + "\(tensor.offset) \(tensor.byteCount)"
        }
        #expect(listed.joined(separator: "\n") + "\n" == golden)
    }

    @Test func readsTheDefaultModel() throws {
        let file = try GGUFFile(path: "\(models!)/SmolLM2-135M-Instruct.Q4_1.gguf")
        #expect(file.version == 3)
        #expect(file.alignment == 32)
        #expect(file.metadata["general.architecture"]?.string == "llama")
        #expect(try file.metadata.requireInt("llama.block_count", in: 1...1024) == 30)
        let tokens = try file.metadata.requireArray("tokenizer.ggml.tokens")
        #expect(tokens.count == 49152)
        #expect(tokens.prefix(3).map(\.string) == ["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
        let tensor = try #require(file.tensor(named: "output_norm.weight"))
        #expect(file.bytes(of: tensor).count == 576 * 4)
    }

    /// Reading ahead brings the file into memory and reports progress.
    @Test func readsAheadWithProgress() throws {
        let file = try GGUFFile(path: "\(models ?? "")/SmolLM2-135M-Instruct.Q4_1.gguf")
        var shares: [Double] = []
        file.readAhead(isCancelled: { false }) { shares.append($0) }
        #expect(shares.count > 10 && shares == shares.sorted() && shares.last == 1)
        // The system may evict some of it at once if it is short of memory.
        #expect((0.5...1).contains(file.residentShare))
        shares = []
        file.readAhead(isCancelled: { shares.count == 2 }) { shares.append($0) }
        #expect(shares.count == 2)
    }
}
