import GGUF

extension SyntheticModel {
    /// Shapes of models as published, one row each.
    public static let all = [llama1B, llama3B, llama8B, mixtral, qwen3, gptOss, gemma4]

    public static func find(_ name: String) -> SyntheticModel? { all.first { $0.name == name } }

    // Llama 3.2 and 3.1.
    private static let llama1B = SyntheticModel(
        name: "llama-1b", layers: 16, hiddenSize: 2048, heads: 32, kvHeads: 8, headDim: 64, vocabulary: 128_256,
        feedForward: .dense(size: 8192))
    private static let llama3B = SyntheticModel(
        name: "llama-3b", layers: 28, hiddenSize: 3072, heads: 24, kvHeads: 8, headDim: 128, vocabulary: 128_256,
        feedForward: .dense(size: 8192))
    private static let llama8B = SyntheticModel(
        name: "llama-8b", layers: 32, hiddenSize: 4096, heads: 32, kvHeads: 8, headDim: 128, vocabulary: 128_256,
        feedForward: .dense(size: 14_336)
    ).changed { $0.parts = [.output] }

    private static let mixtral = SyntheticModel(
        name: "mixtral-8x7b", layers: 32, hiddenSize: 4096, heads: 32, kvHeads: 8, headDim: 128, vocabulary: 32_000,
        feedForward: .experts(count: 8, used: 2, size: 14_336)
    ).changed {
        $0.parts = [.output]
        ($0.contextLength, $0.ropeBase) = (32_768, 1e6)
    }

    private static let qwen3 = SyntheticModel(
        name: "qwen3-30b-a3b", layers: 48, hiddenSize: 2048, heads: 32, kvHeads: 4, headDim: 128, vocabulary: 151_936,
        feedForward: .experts(count: 128, used: 8, size: 768)
    ).changed {
        $0.architecture = "qwen3moe"
        $0.parts = [.output, .queryKeyNorms]
        ($0.contextLength, $0.ropeBase, $0.normEpsilon) = (40_960, 1e6, 1e-6)
    }

    private static let gptOss = SyntheticModel(
        name: "gpt-oss-20b", layers: 24, hiddenSize: 2880, heads: 64, kvHeads: 8, headDim: 64, vocabulary: 201_088,
        feedForward: .experts(count: 32, used: 4, size: 2880)
    ).changed {
        $0.architecture = "gpt-oss"
        $0.parts = [.output, .biases, .sinks, .renamedFFNNorm]
        $0.window = Window(length: 128, group: 2, headDim: 64)
        $0.ropeBase = 150_000
        $0.metadata = [
            ("rope.scaling.type", .string("yarn")), ("rope.scaling.factor", .float32(32)),
            ("rope.scaling.original_context_length", .uint32(4096)),
        ]
    }

    private static let gemma4 = SyntheticModel(
        name: "gemma-4-e4b", layers: 42, hiddenSize: 2560, heads: 8, kvHeads: 2, headDim: 512, vocabulary: 262_144,
        feedForward: .dense(size: 10_240)
    ).changed {
        $0.architecture = "gemma4"
        $0.parts = [.queryKeyNorms, .postNorms]
        $0.window = Window(length: 512, group: 6, headDim: 256, isListed: true)
        $0.perLayer = PerLayerEmbeddings(size: 256, layersWithoutKeys: 18)
        ($0.ropeBase, $0.normEpsilon) = (1e6, 1e-6)
        $0.metadata = [("rope.freq_base_swa", .float32(10_000)), ("final_logit_softcapping", .float32(30))]
    }

    private func changed(_ change: (inout SyntheticModel) -> Void) -> SyntheticModel {
        var model = self
        change(&model)
        return model
    }
}
