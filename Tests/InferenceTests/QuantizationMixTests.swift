import Foundation
import GGUF
import Testing

@testable import Inference

/// The type of each tensor, compared with what llama.cpp writes. (scripts/check-quantize --write-mixes)
@Suite struct QuantizationMixTests {
    @Test(arguments: GoldenMix.names) func typesAreTheReferences(name: String) throws {
        let golden = try #require(try GoldenMix.load().first { $0.name == name })
        for (key, letters) in golden.types {
            let scheme = try #require(QuantizationScheme.find(String(key.prefix { $0 != " " })))
            let rules = QuantizationRules(
                scheme: scheme, model: golden.model(hasImportance: key.hasSuffix("with importance")))
            #expect(letters.count == golden.tensors.count)
            for (tensor, letter) in zip(golden.tensors, letters) {
                let isVector = tensor.dimensions.count == 1
                let type = rules.type(
                    named: tensor.name, dimensions: tensor.dimensions, own: TensorType.all[isVector ? 0 : 1])
                #expect(type.name == golden.letters[String(letter)], "\(key): \(tensor.name)")
            }
        }
    }

    /// A model without attention in every layer: what counts is which of these matrices it is.
    @Test func layersWithoutAttentionDoNotCount() throws {
        let tensors = (0..<64).flatMap { layer -> [(name: String, dimensions: [Int])] in
            layer % 4 == 3 ? [("blk.\(layer).attn_v.weight", [256, 2])] : [("blk.\(layer).ssm_in.weight", [256, 2])]
        }
        let model = QuantizedModel(
            architecture: "qwen3next", layers: 64, experts: 0, queriesPerKey: 8, hasImportance: false, tensors: tensors)
        let rules = QuantizationRules(scheme: try #require(QuantizationScheme.find("Q4_K_S")), model: model)
        let types = (0..<6).map { index in
            rules.type(named: "blk.\(4 * index + 3).attn_v.weight", dimensions: [256, 2], own: TensorType.all[1]).name
        }
        #expect(types == ["Q5_K", "Q5_K", "Q5_K", "Q5_K", "Q4_K", "Q4_K"])
    }
}

private struct GoldenMix: Decodable {
    struct Tensor: Decodable {
        let name: String
        let dimensions: [Int]

        init(from decoder: any Swift.Decoder) throws {
            var pair = try decoder.unkeyedContainer()
            name = try pair.decode(String.self)
            dimensions = try pair.decode([Int].self)
        }
    }

    static let names = ["llama", "tied", "odd widths", "eight experts", "70B", "falcon", "many experts"]

    let name: String
    let architecture: String
    let layers: Int
    let heads: Int
    let keys: Int
    let experts: Int
    let tensors: [Tensor]
    /// The names of types.
    let letters: [String: String]
    /// By kind of file, a letter for each tensor.
    let types: [String: String]

    static func load() throws -> [GoldenMix] {
        try JSONDecoder().decode([GoldenMix].self, from: Data(contentsOf: URL(filePath: Golden.path("mixes.json"))))
    }

    func model(hasImportance: Bool) -> QuantizedModel {
        QuantizedModel(
            architecture: architecture, layers: layers, experts: experts, queriesPerKey: heads / keys,
            hasImportance: hasImportance, tensors: tensors.map { ($0.name, $0.dimensions) })
    }
}
