import Foundation
import GGUF
import Testing

@testable import Inference

@Suite struct WeightMixTests {
    /// A file with tensors of 256 columns, whose contents do not matter.
    private func mix(_ tensors: [(name: String, rows: Int, type: String)]) throws -> WeightMix {
        var writer = GGUFWriter()
        let types = try tensors.map { tensor in try #require(TensorType.all.first { $0.name == tensor.type }) }
        for (tensor, type) in zip(tensors, types) {
            writer.addTensor(tensor.name, dimensions: tensor.rows > 0 ? [256, tensor.rows] : [256], type: type)
        }
        let path = FileManager.default.temporaryDirectory.appending(path: "sotto-mix-\(UUID().uuidString).gguf").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try writer.write(to: path) { index in
            let (type, rows) = (types[index], max(1, tensors[index].rows))
            return [UInt8](repeating: 0, count: 256 / type.blockElements * type.blockBytes * rows)
        }
        return WeightMix(try GGUFFile(path: path))
    }

    @Test func formatsAreListedByTheirBytes() throws {
        let mix = try mix([
            ("token_embd.weight", 2, "Q6_K"), ("blk.0.attn_q.weight", 2, "IQ3_S"), ("blk.0.attn_k.weight", 2, "IQ3_S"),
            ("blk.0.attn_norm.weight", 0, "F32"),
        ])
        #expect(mix.formats.map(\.name) == ["F32", "IQ3_S", "Q6_K"])
        #expect(mix.formats.map(\.tensors) == [1, 2, 1])
        #expect(mix.formats.map(\.bytes) == [1024, 440, 420])
        #expect(mix.formats.map(\.weights) == [256, 1024, 512])
        let bytesPerWeight: [Double] = [4, 110.0 / 256, 210.0 / 256]
        #expect(mix.formats.map(\.bytesPerWeight) == bytesPerWeight)
    }

    @Test(arguments: [
        ("token_embd.weight", "embeddings"), ("per_layer_token_embd.weight", "embeddings"), ("output.weight", "output"),
        ("blk.3.attn_qkv.weight", "attention"), ("blk.3.attn_output.weight", "attention"),
        ("blk.3.ssm_in.weight", "recurrent"), ("blk.3.shortconv.out_proj.weight", "recurrent"),
        ("blk.3.ffn_down.weight", "feed-forward"), ("blk.3.ffn_up_shexp.weight", "feed-forward"),
        ("blk.3.ffn_gate_inp.weight", "feed-forward"), ("blk.3.ffn_up_exps.weight", "experts"),
        ("blk.3.ffn_down_chexps.weight", "experts"), ("blk.3.ffn_gate.7.weight", "experts"),
        ("strange", "other"),
    ])
    func tensorsAreGroupedByWhatTheyDo(name: String, group: String) throws {
        #expect(try mix([(name, 4, "Q8_0")]).groups.map(\.name) == [group])
    }

    @Test func groupsAreInTheOrderOfTheComputation() throws {
        let mix = try mix([
            ("output.weight", 2, "Q6_K"), ("output_norm.weight", 0, "F32"), ("blk.0.ffn_up.weight", 1, "IQ2_XS"),
            ("blk.1.ffn_up.weight", 2, "IQ2_XXS"), ("token_embd.weight", 2, "Q4_K"),
        ])
        #expect(mix.groups.map(\.name) == ["embeddings", "feed-forward", "output", "norms and biases"])
        #expect(mix.groups.map(\.formats) == [["Q4_K"], ["IQ2_XXS", "IQ2_XS"], ["Q6_K"], ["F32"]])
        let mixed: Double = (74.0 + 2 * 66) / 768
        #expect(mix.groups.map(\.bytesPerWeight)[1] == mixed)
    }
}
