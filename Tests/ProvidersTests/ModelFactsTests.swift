import Chat
import Foundation
import GGUF
import Testing

@testable import Providers

/// What lists show about models, from their headers.
@Suite struct ModelFactsTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    // MARK: Format

    /// A number that llama.cpp gives to a mix, unless the file's name says that it is another one that began with it.
    @Test(arguments: [
        ("Tiny", 30, "IQ4_XS"), ("Tiny-Q8_0", 15, "Q4_K_M"), ("Tiny", 38, "MXFP4_MOE"),
        ("Tiny-UD-Q4_K_XL", 15, "UD-Q4_K_XL"), ("Tiny-UD-IQ2_M-00001-of-00001", 29, "UD-IQ2_M"), ("Tiny", 999, "F32"),
    ])
    func formatIsNamedAsPeopleNameIt(file: String, number: UInt32, format: String) throws {
        try fixture.gguf("own/\(file).gguf", metadata: [("general.file_type", .uint32(number))])
        #expect(try fixture.discovery().find("Tiny").format == format)
    }

    // MARK: Parameters

    /// The parameters that a token uses, besides those of the fixture's dense layer; nil if it uses all.
    private func active(
        _ metadata: [(String, UInt32)], _ tensors: [(String, [Int])]
    ) throws -> (parameters: Int?, bytes: Int?) {
        let values = metadata.map { ("qwen3moe.\($0.0)", GGUFValue.uint32($0.1)) }
        try fixture.gguf("own/Mixture.gguf", architecture: "qwen3moe", metadata: values, tensors: tensors)
        let info = try fixture.discovery().find("Mixture")
        return (info.activeParameters.map { $0 - StoreFixture.parameters }, info.activeBytes)
    }

    private static let experts: [(String, UInt32)] = [("expert_count", 8), ("expert_used_count", 2)]

    @Test func activeParametersAreThoseOfTheChosenExperts() throws {
        let merged = [("blk.0.attn_q_norm.weight", [32]), ("blk.0.ffn_up_exps.weight", [32, 4, 8])]
        let (parameters, bytes) = try active(Self.experts, merged)
        #expect(parameters == 32 + 2 * 128)
        // The embedding is also the output matrix, so it is read as a whole.
        #expect(bytes == 4 * (StoreFixture.parameters + 32 + 2 * 128))
        // Old files: a tensor for each expert.
        #expect(try active(Self.experts, (0..<8).map { ("blk.0.ffn_up.\($0).weight", [32, 4]) }).parameters == 256)
    }

    @Test func everyPartOfAnExpertCounts() throws {
        let tensors: [(String, [Int])] = [
            ("blk.0.ffn_gate_up_exps.weight", [32, 8, 8]), ("blk.0.ffn_down_exps.weight", [4, 32, 8]),
            ("blk.0.ffn_down_exps.bias", [32, 8]), ("blk.0.ffn_down_exps.scale", [8]),
        ]
        #expect(try active(Self.experts, tensors).parameters == 2 * (256 + 128 + 32 + 1))
    }

    @Test func sharedExpertsRoutersAndDenseLayersAreAlwaysActive() throws {
        let tensors: [(String, [Int])] = [
            ("blk.0.ffn_up_exps.weight", [32, 4, 8]), ("blk.0.ffn_up_shexp.weight", [32, 5]),
            ("blk.0.ffn_gate_inp.weight", [32, 8]), ("blk.0.exp_probs_b.bias", [8]),
        ]
        #expect(try active(Self.experts, tensors).parameters == 256 + 160 + 256 + 8)
    }

    /// Grove MoE: one small expert for each group, and a token uses no more than there are.
    @Test func expertsOfGroupsAreCountedByTheirOwnNumber() throws {
        let tensors: [(String, [Int])] = [
            ("blk.0.ffn_up_exps.weight", [32, 4, 8]), ("blk.0.ffn_up_chexps.weight", [32, 1, 4]),
        ]
        #expect(try active(Self.experts, tensors).parameters == 2 * 128 + 2 * 32)
        let many: [(String, UInt32)] = [("expert_count", 8), ("expert_used_count", 6)]
        #expect(try active(many, tensors).parameters == 6 * 128 + 4 * 32)
    }

    @Test func whatATokenDoesNotReadIsNotActive() throws {
        // A row of the per-layer table, and no layer that only predicts further tokens.
        let tensors: [(String, [Int])] = [
            ("per_layer_token_embd.weight", [32, 4]), ("output.weight", [32, 4]), ("blk.1.attn_q.weight", [32, 32]),
        ]
        let (parameters, bytes) = try active([("block_count", 2), ("nextn_predict_layers", 1)], tensors)
        #expect(parameters == 32 + 128)
        #expect(bytes == 4 * (StoreFixture.parameters - 128 + 32 + 32 + 128), "one row of the embedding")
    }

    /// All experts, none, and tensors that do not fit the number.
    @Test(arguments: [(8, 8), (8, 0), (7, 2), (1, 3)] as [(UInt32, UInt32)])
    func senselessNumbersAreIgnored(count: UInt32, used: UInt32) throws {
        let numbers = [("expert_count", count), ("expert_used_count", used)]
        #expect(try active(numbers, [("blk.0.ffn_up_exps.weight", [32, 4, 8])]).parameters == nil)
    }

    // MARK: What cannot be used

    /// Why a model with a change cannot be used; nil if it can.
    private func problem(_ change: (inout ModelHeader) throws -> Void) throws -> String? {
        var header = ModelHeader()
        try change(&header)
        try header.write(to: fixture.root.appending(path: "own/Model.gguf").path)
        let problem = try fixture.discovery().find("Model").problem
        #expect(problem?.contains("\n") != true)
        #expect(fixture.discovery().models().map(\.problem) == [problem], "the list says the same")
        return problem
    }

    @Test func aWholeModelCanBeUsed() throws { #expect(try problem { _ in } == nil) }

    @Test(arguments: [
        ("qwen4exp", "qwen2"), ("qwen36moe", "qwen35moe"), ("gemma9", "gemma2"), ("mistral4", "llama"),
        ("lama", "llama"),
    ])
    func unknownFamiliesAreNamedWithTheNearest(name: String, near: String) throws {
        let text = try #require(try problem { $0.rename(to: name) })
        #expect(text.hasPrefix("Architecture \"\(name)\" is not supported. The nearest that are: "))
        #expect(text.split(separator: ": ").last?.split(separator: ", ").contains(Substring(near)) == true, "\(text)")
    }

    @Test func aFamilyWithoutRelativesIsNamedAlone() throws {
        #expect(try problem { $0.rename(to: "rwkv6") } == "Architecture \"rwkv6\" is not supported, nor one like it")
    }

    @Test func formatsWithoutKernelsAreNamed() throws {
        let one = try problem { $0.tensors["blk.0.ffn_up.weight"] = ([256, 32], "Q8_K") }
        #expect(one?.hasPrefix("Format Q8_K is not supported (1 tensor, blk.0.ffn_up.weight). Supported") == true)
        let two = try problem {
            $0.tensors["blk.0.ffn_up.weight"] = ([256, 32], "Q8_K")
            $0.tensors["blk.0.ffn_down.weight"] = ([256, 32], "Q8_1")
        }
        #expect(two?.hasPrefix("Formats Q8_1, Q8_K are not supported (2 tensors, such as blk.0.ffn_") == true)
    }

    @Test(arguments: [
        "context_length", "block_count", "embedding_length", "attention.head_count",
        "attention.layer_norm_rms_epsilon",
    ])
    func missingConfigurationIsNamed(key: String) throws {
        #expect(try problem { $0.metadata["llama.\(key)"] = nil } == "The file's metadata has no llama.\(key)")
        let text = try problem { $0.metadata["llama.\(key)"] = .string("many") }
        #expect(text?.hasPrefix("llama.\(key) is a value of type string, but must be ") == true)
    }

    @Test func missingArchitectureIsNamed() throws {
        #expect(try problem { $0.metadata["general.architecture"] = nil }?.contains("general.architecture") == true)
    }

    @Test func missingTensorsAreNamed() throws {
        #expect(try problem { $0.tensors["token_embd.weight"] = nil } == "The file has no tensor token_embd.weight")
        #expect(try problem { $0.tensors["output_norm.weight"] = nil } == "The file has no tensor output_norm.weight")
        #expect(
            try problem { $0.metadata["llama.block_count"] = .uint32(3) }
                == "The file has no tensor blk.1.ffn_down.weight")
    }

    @Test func unusableTokenizersAreNamed() throws {
        func problem(_ change: (inout ModelHeader) throws -> Void) throws -> String {
            try #require(try self.problem(change))
        }
        #expect(try problem { $0.metadata["tokenizer.ggml.model"] = .string("rwkv") }.contains("\"rwkv\""))
        #expect(try problem { $0.metadata["tokenizer.ggml.model"] = nil }.contains("no vocabulary"))
        #expect(try problem { $0.metadata["tokenizer.ggml.model"] = .uint32(1) }.contains("tokenizer.ggml.model"))
        #expect(try problem { $0.strings["tokenizer.ggml.tokens"] = nil }.contains("tokenizer.ggml.tokens"))
        #expect(try problem { $0.strings["tokenizer.ggml.tokens"] = [] }.contains("0 tokens"))
        let long = try problem { $0.strings["tokenizer.ggml.tokens"] = (0..<9).map(String.init) }
        #expect(long.contains("9 tokens, but its embedding matrix only 4"))
        #expect(try problem { $0.metadata["tokenizer.ggml.model"] = .string("gpt2") }.contains("tokenizer.ggml.merges"))
        let noMerges = try problem {
            $0.metadata["tokenizer.ggml.model"] = .string("gpt2")
            $0.strings["tokenizer.ggml.merges"] = []
        }
        #expect(noMerges.contains("no merges"))
        #expect(try problem { $0.scores = [1, 2] }.contains("2 scores for 4 tokens"))
    }

    /// A standard template is used instead, so that is no reason against the model.
    @Test func aBrokenTemplateIsAWarning() throws {
        #expect(try problem { $0.metadata["tokenizer.chat_template"] = .string("{% if %}") } == nil)
        let info = try fixture.discovery().find("Model")
        #expect(info.notes.contains { $0.hasPrefix("The model's chat template cannot be used (") })
    }

    // MARK: What is no model

    @Test(arguments: [
        ("bert", "turns texts into vectors"), ("nomic-bert-moe", "turns texts into vectors"),
        ("t5encoder", "turns texts into vectors"), ("t5", "encoder-decoder"), ("dream", "diffusion"),
        ("llada-moe", "diffusion"), ("rnd1", "diffusion"), ("eagle3", "for the model that it was made for"),
        ("whisper", "speech"), ("flux", "images"), ("clip", "reads images or sound"),
        ("controlvector", "control vector"),
    ])
    func familiesThatDoNotWriteTextSayWhatTheyAre(architecture: String, words: String) throws {
        #expect(try problem { $0.rename(to: architecture) }?.contains(words) == true)
    }

    @Test func otherFilesSayWhatTheyAre() throws {
        let adapter = try problem {
            $0.metadata["general.type"] = .string("adapter")
            $0.tensors = ["blk.0.attn_q.weight.lora_a": ([32, 2], "F32")]
        }
        #expect(adapter?.hasPrefix("This is a LoRA adapter for llama models, not a model. ") == true)
        let older = try problem { $0.metadata["adapter.type"] = .string("lora") }
        #expect(older == adapter)
        let unknown = try problem {
            $0.rename(to: "x\u{1b}[31m")
            $0.metadata["general.type"] = .string("adapter")
        }
        #expect(unknown?.hasPrefix("This is a LoRA adapter, not") == true)
        #expect(try problem { $0.metadata["general.type"] = .string("mmproj") }?.contains("images or sound") == true)
        let importance = try problem {
            $0.metadata = ["general.type": .string("imatrix")]
            $0.tensors = ["blk.0.attn_q.weight.in_sum2": ([32], "F32")]
        }
        #expect(importance?.contains("importance matrix") == true)
        #expect(try problem { $0.tensors = [:] } == "This file has a vocabulary but no weights")
        #expect(try problem { ($0.tensors, $0.metadata) = ([:], [:]) } == "This file has no weights")
    }

    /// Qwen3-Embedding and its like have the architecture of a model that writes.
    @Test func modelsForSearchSayWhatTheyAre() throws {
        #expect(try problem { $0.metadata["llama.pooling_type"] = .uint32(3) }?.contains("turns texts") == true)
        #expect(try problem { $0.metadata["llama.attention.causal"] = .bool(false) }?.contains("turns texts") == true)
        #expect(try problem { $0.metadata["llama.pooling_type"] = .uint32(0) } == nil)
    }
}

/// The header of a small model that can be used, to be changed by tests.
private struct ModelHeader {
    var metadata: [String: GGUFValue]
    var strings = ["tokenizer.ggml.tokens": ["a", "b", "c", "d"]]
    var scores: [Float] = []
    var tensors: [String: (dimensions: [Int], type: String)]

    init() {
        metadata = Dictionary(uniqueKeysWithValues: StoreFixture.usable("llama"))
        metadata["general.architecture"] = .string("llama")
        tensors = Dictionary(uniqueKeysWithValues: StoreFixture.tensors.map { ($0, ($1, "F32")) })
    }

    /// Gives the model another architecture, with the same keys.
    mutating func rename(to architecture: String) {
        for (key, value) in metadata where key.hasPrefix("llama.") {
            metadata[key] = nil
            metadata[architecture + key.dropFirst("llama".count)] = value
        }
        metadata["general.architecture"] = .string(architecture)
    }

    func write(to path: String) throws {
        var writer = GGUFWriter()
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { writer.add(key, value) }
        for (key, value) in strings where !metadata.isEmpty { writer.add(key, strings: value) }
        if !scores.isEmpty { writer.add("tokenizer.ggml.scores", float32s: scores) }
        var sizes: [Int] = []
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
            let type = try #require(TensorType.all.first { $0.name == tensor.type })
            writer.addTensor(name, dimensions: tensor.dimensions, type: type)
            sizes.append(tensor.dimensions.reduce(1, *) / type.blockElements * type.blockBytes)
        }
        try? FileManager.default.removeItem(atPath: path)
        try writer.write(to: path) { [UInt8](repeating: 0, count: sizes[$0]) }
    }
}
