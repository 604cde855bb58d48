import Foundation
import TestSupport
import Testing

@testable import Inference

/// Tiny random checkpoints, compared with the logits of transformers (scripts/golden/checkpoints.py).
struct CheckpointTests {
    static let names = [
        "llama", "gemma2", "qwen3_moe", "gpt_oss", "gpt2", "apertus", "qwen3_next", "qwen3_5_text", "lfm2", "mamba2",
        "nemotron_h-experts", "deepseek_v3-halves",
    ]

    @Test(arguments: names, [48, 7, 1])
    func logitsMatchTransformers(_ name: String, _ prefillBatch: Int) async throws {
        let folder = Golden.path("checkpoints/\(name)")
        let expected = try Golden.floats("checkpoints/\(name)/logits.f32")
        let engine = try Engine(
            model: try Model.load(path: folder),
            options: EngineOptions(threads: 2, cacheType: .f32, prefillBatch: prefillBatch))
        let logits = try await engine.logits(tokens: FamilyTests.prompt(vocabulary: 96), all: true)
        #expect(nmse(logits.joined(), expected) < 1e-7)
    }

    @Test(arguments: names)
    func listsSeeThemAsModels(_ name: String) throws {
        let path = Golden.path("checkpoints/\(name)")
        #expect(CheckpointFolder.isModel(path))
        let source = try OpenedSource.open(path)
        #expect(source.formatName == "BF16")
        #expect(source.otherPurpose == nil)
        #expect(source.weightUse.parameters > 10_000)
        #expect(try MemoryPlan(source: source) != nil)
    }

    @Test func aTokenUsesTheChosenExpertsOnly() throws {
        let use = try OpenedSource.open(Golden.path("checkpoints/qwen3_moe")).weightUse
        #expect(use.activeExpertBytes * 3 == use.expertBytes)
        #expect(use.expertBytes > 0)
    }

    /// Python writes infinite limits as a word that is not JSON.
    @Test func aLimitOfTimeStepsMayBeInfinite() throws {
        let source = Golden.path("checkpoints/mamba2")
        var text = try String(contentsOfFile: "\(source)/config.json", encoding: .utf8)
        for limits in ["[0.01, Infinity]", "[0.01, {\"__float__\": \"Infinity\"}]", "[0.01, 1e30]"] {
            text.replace(/"time_step_limit": \[.*?\]/.dotMatchesNewlines(), with: "\"time_step_limit\": \(limits)")
            let folder = try Folder(["config.json": text])
            try FileManager.default.copyItem(
                atPath: "\(source)/model.safetensors", toPath: "\(folder.path)/model.safetensors")
            let spec = try CheckpointSource(path: folder.path).requireSpec()
            #expect(spec.timeSteps.lowerBound == 0.01)
            #expect(spec.timeSteps.upperBound >= 1e30)
        }
    }

    // MARK: Adapters

    @Test(arguments: [48, 1])
    func anAdapterChangesTheLogitsAsInPEFT(_ prefillBatch: Int) async throws {
        let model = try Model.load(
            path: Golden.path("checkpoints/llama"), adapters: [Golden.path("checkpoints/llama-adapter")])
        let engine = try Engine(
            model: model, options: EngineOptions(threads: 2, cacheType: .f32, prefillBatch: prefillBatch))
        let logits = try await engine.logits(tokens: FamilyTests.prompt(vocabulary: 96), all: true)
        #expect(nmse(logits.joined(), try Golden.floats("checkpoints/llama-adapter/logits.f32")) < 1e-7)
        #expect(nmse(logits.joined(), try Golden.floats("checkpoints/llama/logits.f32")) > 1e-3)
    }

    /// Other matrices, other sizes, fused ones, and a family whose checkpoints are unknown.
    @Test(arguments: [
        ("checkpoints/gpt2", "no matrix of this model"), ("tiny/llama.gguf", "has the shape"),
        ("tiny/phi3-long.gguf", "no matrix of this model"), ("tiny/falcon.gguf", "their names in falcon are unknown"),
    ])
    func anAdapterOfAnotherModelIsRefused(base: String, problem: String) throws {
        let adapter = Golden.path("checkpoints/llama-adapter")
        let error = try #require(throws: ModelError.self) {
            try Model.load(path: Golden.path(base), adapters: [adapter])
        }
        #expect("\(error)".contains(problem), "\(error)")
    }

    @Test(arguments: [
        ("peft_type", #""IA3""#), ("r", "0"), ("lora_alpha", #""x""#), ("use_dora", "true"),
        ("rank_pattern", #"{"a": 2}"#),
    ])
    func aWrongValueOfAnAdapterIsNamed(field: String, value: String) throws {
        let source = Golden.path("checkpoints/llama-adapter")
        var text = try String(contentsOfFile: "\(source)/adapter_config.json", encoding: .utf8)
        text.replace(/\}\s*$/, with: ", \"\(field)\": \(value)}")
        let folder = try Folder(["adapter_config.json": text])
        try FileManager.default.copyItem(
            atPath: "\(source)/adapter_model.safetensors", toPath: "\(folder.path)/adapter_model.safetensors")
        let error = try #require(throws: ModelError.self) {
            try Model.load(path: Golden.path("checkpoints/llama"), adapters: [folder.path])
        }
        #expect("\(error)".contains(field), "\(error)")
    }

    // MARK: What is wrong with a folder

    /// What a folder's files are, and what the error must name.
    @Test(
        arguments: [
            (["config.json": "{"], "JSON"),
            (["config.json": "[]"], "a JSON object"),
            (["config.json": "{}"], "model_type"),
            (["config.json": #"{"model_type":"llama"}"#], "safetensors"),
            (["config.json": #"{"model_type":"llama"}"#, "pytorch_model.bin": ""], "too short"),
            (["config.json": #"{"model_type":"llama"}"#, "model.safetensors.index.json": "{}"], "weight_map"),
            (
                [
                    "config.json": #"{"model_type":"llama"}"#,
                    "model.safetensors.index.json": #"{"weight_map":{"a":"../b.safetensors"}}"#,
                ], "same folder"
            ),
            (
                [
                    "config.json": #"{"model_type":"llama"}"#,
                    "model.safetensors.index.json": #"{"weight_map":{"a":"b.safetensors"}}"#,
                ], "b.safetensors, which is not there"
            ),
        ] as [([String: String], String)])
    func errorsSayWhatIsWrong(files: [String: String], problem: String) throws {
        let folder = try Folder(files)
        let error = try #require(throws: ModelError.self) { try Model.load(path: folder.path) }
        #expect("\(error)".contains(problem), "\(error)")
    }

    /// One value of a good configuration is replaced.
    @Test(arguments: [
        ("model_type", #""nonsense""#, "not supported"), ("model_type", #""bert""#, "cannot write"),
        ("num_hidden_layers", "9", "layers.2."), ("num_hidden_layers", "1e300", "num_hidden_layers"),
        ("hidden_size", "31", "embed_tokens"), ("num_attention_heads", "0", "num_attention_heads"),
        ("hidden_act", #""tanh""#, "hidden_act"), ("rms_norm_eps", #""x""#, "rms_norm_eps"),
        ("rope_parameters", #"{"rope_type":"spiral"}"#, "spiral"),
        ("rope_parameters", #"{"rope_type":"linear","factor":-1}"#, "rope_parameters.factor"),
    ])
    func aWrongValueIsNamed(field: String, value: String, problem: String) throws {
        let source = Golden.path("checkpoints/llama")
        var text = try String(contentsOfFile: "\(source)/config.json", encoding: .utf8)
        // The last of two equal names counts.
        text.replace(/\}\s*$/, with: ", \"\(field)\": \(value)}")
        let folder = try Folder(["config.json": text])
        try FileManager.default.copyItem(
            atPath: "\(source)/model.safetensors", toPath: "\(folder.path)/model.safetensors")
        var found = ""
        do {
            let source = try OpenedSource.open(folder.path)
            found = ModelCheck(source).problem ?? ""
        } catch { found = "\(error)" }
        #expect(found.contains(problem), "\(found)")
    }

    @Test(arguments: names)
    func changedBytesNeverCrash(_ name: String) throws {
        let source = Golden.path("checkpoints/\(name)")
        let config = Array(try String(contentsOfFile: "\(source)/config.json", encoding: .utf8).utf8)
        let folder = try Folder([:])
        try FileManager.default.copyItem(
            atPath: "\(source)/model.safetensors", toPath: "\(folder.path)/model.safetensors")
        var random = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            var bytes = config
            for _ in 0..<3 { bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(32 + random.next() % 95) }
            try Data(bytes).write(to: URL(filePath: "\(folder.path)/config.json"))
            guard let source = try? OpenedSource.open(folder.path) else { continue }
            _ = ModelCheck(source)
            _ = source.weightUse
            _ = try? MemoryPlan(source: source)
        }
    }

    /// Every kind with a configuration that says little, or nonsense, about the weights of a Llama.
    @Test(arguments: CheckpointFamilies.all.flatMap(\.modelTypes))
    func strangeConfigurationsNeverCrash(_ modelType: String) throws {
        let folder = try Folder([:])
        try FileManager.default.copyItem(
            atPath: Golden.path("checkpoints/llama/model.safetensors"), toPath: "\(folder.path)/model.safetensors")
        let numbers = ["-5", "0", "1", "3", "1e300", "\"x\"", "null", "[1, 2]", "4611686018427387904"]
        for number in numbers {
            let fields = [
                "num_hidden_layers", "hidden_size", "num_attention_heads", "num_key_value_heads", "head_dim",
                "sliding_window", "sliding_window_pattern", "max_window_layers", "no_rope_layer_interval",
                "partial_rotary_factor", "query_pre_attn_scalar", "original_max_position_embeddings",
                "max_position_embeddings", "num_experts", "num_experts_per_tok", "kv_lora_rank", "q_lora_rank",
                "qk_nope_head_dim", "qk_rope_head_dim", "v_head_dim", "n_group", "topk_group", "num_kv_shared_layers",
                "rope_theta",
            ].map { "\"\($0)\": \(number)" }.joined(separator: ", ")
            for rope in ["yarn", "longrope", "llama3", "proportional"] {
                let text = """
                    {"model_type": "\(modelType)", \(fields), "use_sliding_window": true, "activation_sparsity_pattern": [0.5, 0.5],
                    "rope_parameters": {"rope_type": "\(rope)", "factor": \(number), "low_freq_factor": 1, "high_freq_factor": 1,
                    "partial_rotary_factor": \(number), "short_factor": [1, 1], "long_factor": [1]}}
                    """
                try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/config.json"))
                guard let source = try? OpenedSource.open(folder.path) else { continue }
                _ = ModelCheck(source)
                _ = source.weightUse
                _ = try? MemoryPlan(source: source)
            }
        }
    }
}
