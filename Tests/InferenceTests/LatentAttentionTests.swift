import Foundation
import GGUF
import Testing

@testable import Inference

/// What can be wrong with models that have latent attention. (`CheckpointTests` and `FamilyTests` compare their logits.)
struct LatentAttentionTests {
    private static let checkpoint = Golden.path("checkpoints/deepseek_v3-halves")

    /// One value of a good configuration is replaced.
    @Test(arguments: [
        ("kv_lora_rank", "0", "kv_lora_rank must be"), ("kv_lora_rank", "null", "kv_lora_rank must be"),
        ("kv_lora_rank", "25", "kv_a_proj_with_mqa"), ("q_lora_rank", "21", "q_b_proj"),
        ("q_lora_rank", "0", "self_attn.q_proj"), ("q_lora_rank", "-1", "q_lora_rank"),
        ("q_lora_rank", #""x""#, "q_lora_rank"),
        ("q_lora_rank", "null", "self_attn.q_proj"), ("qk_rope_head_dim", "7", "an even number"),
        ("qk_rope_head_dim", "6", "q_b_proj"),
        ("qk_rope_head_dim", "9223372036854775807", "qk_rope_head_dim"),
        ("qk_nope_head_dim", "13", "q_b_proj"), ("qk_nope_head_dim", "1020", "at most 1016"),
        ("v_head_dim", "11", "kv_b_proj"), ("v_head_dim", "-1", "v_head_dim must be"),
        ("num_attention_heads", "5", "q_b_proj"), ("n_group", "3", "n_group"), ("topk_group", "9", "topk_group"),
        ("rope_parameters", #"{"rope_type":"linear","factor":2}"#, "default or yarn"),
        ("rope_parameters", #"{"rope_type":"yarn","factor":4,"attention_factor":-1}"#, "attention_factor"),
        ("rope_parameters", #"{"rope_type":"yarn","factor":1,"attention_factor":2}"#, "rope_parameters.factor"),
    ])
    func aWrongValueIsNamed(field: String, value: String, problem: String) throws {
        let folder = try changed { text in
            // The last of two equal names counts.
            text.replace(/\}\s*$/, with: ", \"\(field)\": \(value)}")
        }
        #expect(problemOf(folder).contains(problem), "\(problemOf(folder))")
    }

    @Test func anUnknownChoiceOfExpertsIsNamed() throws {
        let folder = try changed { text in
            text.replace("\"deepseek_v3\"", with: "\"deepseek_v2\"")
            text.replace(/\}\s*$/, with: ", \"topk_method\": \"noaux_tc\"}")
        }
        #expect(problemOf(folder).contains("topk_method"), "\(problemOf(folder))")
    }

    /// A tensor of the second layer has another name.
    @Test(arguments: [
        "q_a_proj", "q_a_layernorm", "q_b_proj", "kv_a_proj_with_mqa", "kv_a_layernorm", "kv_b_proj", "o_proj",
    ])
    func aMissingTensorIsNamed(name: String) throws {
        let folder = try changed { _ in }
        let place = URL(filePath: "\(folder.path)/model.safetensors")
        var bytes = try Data(contentsOf: place)
        let range = try #require(bytes.range(of: Data("layers.1.self_attn.\(name)".utf8)))
        bytes[range.upperBound - 1] = UInt8(ascii: "x")
        try bytes.write(to: place)
        #expect(problemOf(folder).contains("layers.1.self_attn.\(name)"), "\(problemOf(folder))")
    }

    // MARK: GGUF

    /// The expansion is in two parts there. One of them is missing, or has another shape.
    @Test(arguments: ["attn_k_b", "attn_v_b"])
    func aWrongPartOfAnExpansionIsNamed(part: String) throws {
        let source = try Data(contentsOf: URL(filePath: Golden.path("tiny/deepseek2.gguf")))
        let name = Data("blk.1.\(part).weight".utf8)
        let range = try #require(source.range(of: name))
        var renamed = source
        renamed[range.upperBound - 1] = UInt8(ascii: "x")
        // After the name comes the number of dimensions, then each of them in 8 bytes.
        var exchanged = source
        let sizes = range.upperBound + 4
        exchanged.replaceSubrange(
            sizes..<sizes + 16, with: source[sizes + 8..<sizes + 16] + source[sizes..<sizes + 8])
        for bytes in [renamed, exchanged] {
            let folder = try Folder([:])
            let path = "\(folder.path)/model.gguf"
            try bytes.write(to: URL(filePath: path))
            let problem = ModelCheck(try OpenedSource.open(path)).problem ?? ""
            #expect(problem.contains("blk.1.\(part).weight"), "\(problem)")
        }
    }

    @Test func theJoinedExpansionCountsAsMemory() throws {
        let source = try GGUFSource.open(Golden.path("tiny/deepseek2.gguf"))
        let expansion = try #require(source.tensor(.layer(0, .latentExpansion), .weight))
        #expect(expansion.name == "blk.0.attn_kv_b.weight")
        // As large as the parts, which are not read afterwards.
        #expect(source.derivedBytes == 0)
    }

    // MARK: Tools

    private func changed(_ change: (inout String) -> Void) throws -> Folder {
        var text = try String(contentsOfFile: "\(Self.checkpoint)/config.json", encoding: .utf8)
        change(&text)
        let folder = try Folder(["config.json": text])
        try FileManager.default.copyItem(
            atPath: "\(Self.checkpoint)/model.safetensors", toPath: "\(folder.path)/model.safetensors")
        return folder
    }

    private func problemOf(_ folder: Folder) -> String {
        do { return ModelCheck(try OpenedSource.open(folder.path)).problem ?? "" } catch { return "\(error)" }
    }
}
