import CKernels
import GGUF

/// Finds tensors in a file by name and checks their shapes.
struct TensorReader {
    let file: GGUFFile
    /// Changes of the matrices that `linear` and `split` read.
    var adapters: [LoRAAdapter] = []

    func has(_ name: String) -> Bool { file.tensor(named: name) != nil }

    /// What a matrix's `.scale` tensor applies to.
    enum ScaleUse {
        case nothing
        /// The product, without the bias.
        case product
        /// The sum of product and bias.
        case sum
    }

    /// `name`.weight with `name`.bias and `name`.scale, if they exist.
    func linear(_ name: String, rows: Int, cols: Int, scale use: ScaleUse = .product) throws(ModelError) -> Linear {
        let scale = use == .nothing ? 1 : try multipliers(name + ".scale", count: 1)?[0] ?? 1
        return Linear(
            matrix: try matrix(name + ".weight", rows: rows, cols: cols),
            bias: try bias(name, count: rows, divisor: use == .product ? scale : 1), scale: scale,
            updates: try updates(of: name + ".weight", rows: rows, cols: cols))
    }

    private func updates(of tensor: String, rows: Int, cols: Int) throws(ModelError) -> [LowRankUpdate] {
        var updates: [LowRankUpdate] = []
        for adapter in adapters {
            if let update = try adapter.update(of: tensor, rows: rows, cols: cols) { updates.append(update) }
        }
        return updates
    }

    private func bias(_ name: String, count: Int, divisor: Float) throws(ModelError) -> FloatBuffer? {
        guard let bias = try optionalVector(name + ".bias", count: count) else { return nil }
        for index in 0..<count { bias.base[index] /= divisor }
        return bias
    }

    /// Several matrices with the same input: from a fused tensor with all of their rows, or from one tensor each.
    func split(
        fused: String?, parts: [String], rows: [Int], cols: Int, scale: ScaleUse = .product
    ) throws(ModelError) -> [Linear] {
        guard let fused, parts.isEmpty || has(fused + ".weight") else {
            var result: [Linear] = []
            for (name, count) in zip(parts, rows) {
                result.append(try linear(name, rows: count, cols: cols, scale: scale))
            }
            return result
        }
        let whole = try linear(fused, rows: rows.reduce(0, +), cols: cols, scale: scale)
        var first = 0
        var result: [Linear] = []
        for (index, count) in rows.enumerated() {
            let divisor = scale == .product ? whole.scale : 1
            let ownBias = parts.isEmpty ? nil : try bias(parts[index], count: count, divisor: divisor)
            result.append(
                Linear(
                    matrix: whole.matrix.slice(first, count), bias: whole.bias?.slice(first, count) ?? ownBias,
                    scale: whole.scale, updates: whole.updates.map { $0.slice(first, count) }))
            first += count
        }
        return result
    }

    /// - Parameter rows: nil accepts any number.
    func matrix(_ name: String, rows: Int? = nil, cols: Int) throws(ModelError) -> sotto_matrix {
        let tensor = try find(name)
        let shape = tensor.dimensions
        let found = shape.count > 1 ? shape[1] : 1
        guard shape.first == cols, found == rows ?? found, shape.dropFirst(2).allSatisfy({ $0 == 1 }) else {
            throw .wrongShape(tensor: name, found: shape, expected: [cols, rows ?? found])
        }
        guard let data = file.bytes(of: tensor).baseAddress else { throw .missingTensor(name) }
        return sotto_matrix(format: try format(tensor), data: data, rows: Int64(found), cols: Int64(cols))
    }

    /// A vector of any format, converted to floats.
    func vector(_ name: String, count: Int) throws(ModelError) -> FloatBuffer {
        let tensor = try find(name)
        let shape = tensor.dimensions
        guard shape.first == count, shape.dropFirst().allSatisfy({ $0 == 1 }) else {
            throw .wrongShape(tensor: name, found: shape, expected: [count])
        }
        let format = try format(tensor)
        guard let data = file.bytes(of: tensor).baseAddress else { throw .missingTensor(name) }
        let result = FloatBuffer(count: count)
        format.pointee.dequantize(data, result.base, count)
        return result
    }

    func optionalVector(_ name: String, count: Int) throws(ModelError) -> FloatBuffer? {
        has(name) ? try vector(name, count: count) : nil
    }

    /// Factors or divisors, or nil if the file has none.
    func multipliers(_ name: String, count: Int) throws(ModelError) -> [Float]? {
        guard let buffer = try optionalVector(name, count: count) else { return nil }
        let values = Array(UnsafeBufferPointer(start: buffer.base, count: count))
        guard values.allSatisfy({ $0 != 0 && $0.isFinite }) else {
            throw .invalidMetadata(key: name, found: "zero or not finite", expected: "finite and not zero")
        }
        return values
    }

    private func find(_ name: String) throws(ModelError) -> TensorInfo {
        guard let tensor = file.tensor(named: name) else { throw .missingTensor(name) }
        return tensor
    }

    private func format(_ tensor: TensorInfo) throws(ModelError) -> UnsafePointer<sotto_format> {
        guard let format = sotto_format_find(tensor.type.id) else {
            throw .unsupportedFormat(tensor: tensor.name, format: tensor.type.name)
        }
        return format
    }
}

extension sotto_matrix {
    /// `count` rows starting at `first`.
    fileprivate func slice(_ first: Int, _ count: Int) -> sotto_matrix {
        var part = self
        part.data += first * Int(cols) / Int(format.pointee.block_elements) * Int(format.pointee.block_bytes)
        part.rows = Int64(count)
        return part
    }
}

extension LowRankUpdate {
    fileprivate func slice(_ first: Int, _ count: Int) -> LowRankUpdate {
        LowRankUpdate(a: a, b: b.slice(first, count), scale: scale)
    }
}

extension FloatBuffer {
    /// A copy of `count` floats starting at `first`.
    fileprivate func slice(_ first: Int, _ count: Int) -> FloatBuffer {
        let result = FloatBuffer(count: count)
        result.base.update(from: base + first, count: count)
        return result
    }
}
