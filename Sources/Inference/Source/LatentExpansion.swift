import GGUF

/// Matrices that expand latent vectors, from the two parts that GGUF files have: of each head, the rows of its values, and those
/// of its key with rows and columns exchanged.
extension DerivedTensor {
    /// By layer. Empty for files without such parts.
    static func latentExpansions(of file: GGUFFile) -> [Int: DerivedTensor] {
        var tensors: [Int: DerivedTensor] = [:]
        for keys in file.tensors where keys.name.hasSuffix("_k_b.weight") {
            guard let match = keys.name.wholeMatch(of: /(blk\.(\d{1,4})\.attn_)k_b\.weight/), let layer = Int(match.2),
                let values = file.tensor(named: "\(match.1)v_b.weight")
            else { continue }
            tensors[layer] = DerivedTensor(
                "\(match.1)kv_b.weight", keys: file.view(keys), values: file.view(values)
            ) { file.releaseMemory(of: $0) }
        }
        return tensors
    }

    /// nil for parts that do not fit each other.
    ///
    /// - Parameters:
    ///   - keys: [heads][rank][rows of a key]
    ///   - values: [heads][rows of a value][rank]
    private convenience init?(
        _ name: String, keys: TensorView, values: TensorView,
        release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
    ) {
        // With one head, files leave out the last dimension.
        let (keySizes, valueSizes) = (keys.dimensions + [1], values.dimensions + [1])
        guard keys.dimensions.count >= 2, values.dimensions.count >= 2, keySizes[1] == valueSizes[0],
            keySizes[2] == valueSizes[2], let keyRows = Rows(keys), let valueRows = Rows(values)
        else { return nil }
        let (own, rank, heads, valueDim) = (keyRows.cols, valueRows.cols, keySizes[2], valueSizes[1])
        // Transposed, blocks of weights with few bits would be others.
        let isSame = keys.type == values.type
        let form: FloatForm =
            isSame && keys.type.name == "F32" ? .f32 : isSame && keys.type.name == "BF16" ? .bf16 : .f16
        self.init(
            name, form.type, [rank, heads * (own + valueDim)], from: [keys, values], release: release
        ) { target in
            var key = [Float](repeating: 0, count: own * rank)
            var row = [Float](repeating: 0, count: max(own, rank))
            var place = 0
            func put(_ floats: ArraySlice<Float>) {
                target.store(floats, at: place, form)
                place += floats.count
            }
            for head in 0..<heads {
                for col in 0..<rank {
                    keyRows.read(head * rank + col, &row)
                    for index in 0..<own { key[index * rank + col] = row[index] }
                }
                put(key[...])
                for index in 0..<valueDim {
                    valueRows.read(head * valueDim + index, &row)
                    put(row[..<rank])
                }
            }
        }
    }
}

/// The rows of a tensor as floats.
///
/// `@unchecked Sendable`: the bytes are a read-only mapping, which exists as long as the source.
private struct Rows: @unchecked Sendable {
    let cols: Int
    private let type: QuantizedType
    private let bytes: UnsafeRawBufferPointer

    /// nil for types without kernels.
    init?(_ tensor: TensorView) {
        guard let type = QuantizedType(id: tensor.type.id), let cols = tensor.dimensions.first else { return nil }
        (self.cols, self.type, bytes) = (cols, type, tensor.bytes)
    }

    func read(_ row: Int, _ floats: inout [Float]) {
        guard let base = bytes.baseAddress else { return }
        floats.withUnsafeMutableBufferPointer {
            type.dequantize(
                base + row * (cols / type.blockElements * type.blockBytes),
                to: UnsafeMutableBufferPointer(rebasing: $0[..<cols]))
        }
    }
}

private enum FloatForm {
    case f32, bf16, f16

    var type: TensorType {
        switch self {
        case .f32: .named("F32")
        case .bf16: .named("BF16")
        case .f16: .named("F16")
        }
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Writes numbers from an index on. As BF16, those that come from BF16 are exact.
    fileprivate func store(_ floats: ArraySlice<Float>, at first: Int, _ form: FloatForm) {
        switch form {
        case .f32:
            for (index, value) in floats.enumerated() {
                storeBytes(of: value, toByteOffset: (first + index) * 4, as: Float.self)
            }
        case .bf16:
            for (index, value) in floats.enumerated() {
                store(UInt16(truncatingIfNeeded: value.bitPattern >> 16), at: first + index)
            }
        case .f16: for (index, value) in floats.enumerated() { store(HalfFloat(value).bits, at: first + index) }
        }
    }

    private func store(_ bits: UInt16, at index: Int) { storeBytes(of: bits, toByteOffset: index * 2, as: UInt16.self) }
}
