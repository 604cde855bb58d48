import CKernels

/// Copies of a model's matrices with interleaved rows, which the kernels multiply faster, with the same bits. They are
/// made one by one, while the engine has nothing else to do, and used from then on.
final class InterleavedWeights {
    private let compute: Compute
    /// The matrices that have no copy yet, the next one last.
    private var remaining: [sotto_matrix]
    /// By the address of the original.
    private var copies: [UnsafeRawPointer: InterleavedCopy] = [:]
    private let source: any ModelSource

    /// Makes no copies yet.
    init(_ weights: ModelWeights, compute: Compute) {
        self.compute = compute
        source = weights.source
        remaining = weights.matrices.reversed()
    }

    /// Copies the next matrix that has an interleaved form, which takes some milliseconds to some tens of them, and lets
    /// the system have the memory of the original, which it reads from the file again if it is needed. Returns false if
    /// there was none left.
    func copyNext() -> Bool {
        while let original = remaining.popLast() {
            guard let address = original.data, copies[address] == nil,
                let copy = InterleavedCopy(of: original, compute)
            else { continue }
            copies[address] = copy
            source.releaseMemory(of: UnsafeRawBufferPointer(start: address, count: original.byteCount))
            return true
        }
        return false
    }

    /// A matrix's copy, or the matrix itself if it has none.
    func matrix(for original: sotto_matrix) -> sotto_matrix {
        original.data.flatMap { copies[$0]?.matrix } ?? original
    }

    /// Bytes of all copies of a model's matrices, without reading them.
    static func byteCount(_ source: any ModelSource, layers: Int, instructionSet: InstructionSet) -> Int {
        let output = source.tensor(.output, .weight) ?? source.tensor(.tokenEmbedding, .weight)
        let inLayers = (0..<layers).flatMap { layer in
            LayerRole.allCases.compactMap { source.tensor(.layer(layer, $0), .weight) }
        }
        // Two roles can be the same tensor, of which a layer uses one.
        var names: Set<String> = []
        return (inLayers + (output.map { [$0] } ?? [])).reduce(0) { sum, tensor in
            guard tensor.dimensions.count == 2, names.insert(tensor.name).inserted,
                let format = sotto_format_find(tensor.type.id)
            else { return sum }
            var matrix = sotto_matrix(
                format: format, data: nil, rows: Int64(tensor.dimensions[1]), cols: Int64(tensor.dimensions[0]))
            guard let form = sotto_interleaved_format(instructionSet.kernel, &matrix) else { return sum }
            matrix.format = form
            return sum + matrix.byteCount
        }
    }
}

/// A matrix with interleaved rows, and its memory.
struct InterleavedCopy {
    let matrix: sotto_matrix
    private let memory: FloatBuffer

    /// Nil if the matrix has no interleaved form with this instruction set.
    init?(of original: sotto_matrix, _ compute: Compute) {
        var original = original
        guard let format = sotto_interleaved_format(compute.instructionSet.kernel, &original) else { return nil }
        var copy = original
        copy.format = format
        memory = FloatBuffer(count: copy.byteCount / MemoryLayout<Float>.stride)
        sotto_interleave(compute.handle, &original, memory.base)
        copy.data = UnsafeRawPointer(memory.base)
        matrix = copy
    }
}

extension sotto_matrix {
    var weightCount: Int { Int(rows * cols) }
    /// As stored.
    var byteCount: Int { weightCount / Int(format.pointee.block_elements) * Int(format.pointee.block_bytes) }
}
