import CKernels
import GGUF

/// A model with the shape of a real one but random weights and no vocabulary, for measuring speed.
public struct SyntheticModel: Sendable {
    public let name: String
    let layers: Int
    let hiddenSize: Int
    let ffnSize: Int
    let heads: Int
    let kvHeads: Int
    let headDim: Int
    let vocabulary: Int

    /// The shapes of Llama 3.2.
    public static let all: [SyntheticModel] = [
        .init(
            name: "llama-1b", layers: 16, hiddenSize: 2048, ffnSize: 8192, heads: 32, kvHeads: 8, headDim: 64,
            vocabulary: 128_256),
        .init(
            name: "llama-3b", layers: 28, hiddenSize: 3072, ffnSize: 8192, heads: 24, kvHeads: 8, headDim: 128,
            vocabulary: 128_256),
    ]

    public static func find(_ name: String) -> SyntheticModel? { all.first { $0.name == name } }

    /// The size of the F16 file's tensors.
    public var tensorBytes: Int { tensors.reduce(0) { $0 + $1.elementCount * ($1.isVector ? 4 : 2) } }

    /// Writes the model with matrices in F16. The same shape and seed give the same file on every machine.
    public func write(
        to output: OutputFile, seed: UInt64, threads: Int, instructionSet: InstructionSet = .best
    ) throws {
        var writer = GGUFWriter()
        for (key, value) in metadata { writer.add(key, value) }
        for tensor in tensors { writer.addTensor(tensor.name, dimensions: tensor.dimensions, type: tensor.type) }
        try output.write { unfinished in
            try writer.write(to: unfinished) { index in
                let tensor = tensors[index]
                guard let type = QuantizedType(id: tensor.type.id) else { return [] }
                let cols = tensor.dimensions[0]
                let weights = RandomWeights(seed: seed &+ UInt64(index) << 40, mean: tensor.isVector ? 1 : 0)
                let encoder = RowEncoder(type: type, threads: threads, instructionSet: instructionSet)
                return encoder.encode(0..<tensor.elementCount / cols, cols: cols) { row, floats in
                    weights.fill(floats, from: row * cols)
                } ?? []
            }
        }
    }

    private struct Tensor {
        let name: String
        let dimensions: [Int]
        var isVector: Bool { dimensions.count == 1 }
        var elementCount: Int { dimensions.reduce(1, *) }
        /// F32 for vectors, F16 for matrices.
        var type: TensorType { TensorType.all[isVector ? 0 : 1] }
    }

    private var tensors: [Tensor] {
        let queries = heads * headDim
        let keys = kvHeads * headDim
        var tensors = [
            Tensor(name: "token_embd.weight", dimensions: [hiddenSize, vocabulary]),
            Tensor(name: "output_norm.weight", dimensions: [hiddenSize]),
        ]
        for layer in 0..<layers {
            tensors += [
                ("attn_norm", [hiddenSize]),
                ("attn_q", [hiddenSize, queries]),
                ("attn_k", [hiddenSize, keys]),
                ("attn_v", [hiddenSize, keys]),
                ("attn_output", [queries, hiddenSize]),
                ("ffn_norm", [hiddenSize]),
                ("ffn_gate", [hiddenSize, ffnSize]),
                ("ffn_up", [hiddenSize, ffnSize]),
                ("ffn_down", [ffnSize, hiddenSize]),
            ].map { Tensor(name: "blk.\(layer).\($0.0).weight", dimensions: $0.1) }
        }
        return tensors
    }

    private var metadata: [(String, GGUFValue)] {
        [
            ("general.architecture", .string("llama")),
            ("general.name", .string("Random weights in the shape of \(name)")),
            ("general.file_type", .uint32(1)),
            ("llama.block_count", .uint32(UInt32(layers))),
            ("llama.context_length", .uint32(131_072)),
            ("llama.embedding_length", .uint32(UInt32(hiddenSize))),
            ("llama.feed_forward_length", .uint32(UInt32(ffnSize))),
            ("llama.attention.head_count", .uint32(UInt32(heads))),
            ("llama.attention.head_count_kv", .uint32(UInt32(kvHeads))),
            ("llama.attention.key_length", .uint32(UInt32(headDim))),
            ("llama.attention.value_length", .uint32(UInt32(headDim))),
            ("llama.attention.layer_norm_rms_epsilon", .float32(1e-5)),
            ("llama.rope.dimension_count", .uint32(UInt32(headDim))),
            ("llama.rope.freq_base", .float32(500_000)),
            ("llama.vocab_size", .uint32(UInt32(vocabulary))),
            ("tokenizer.ggml.model", .string("none")),
        ]
    }
}
