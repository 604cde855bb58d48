import CKernels
import GGUF

/// Finds a source's tensors by role and checks their shapes.
struct TensorReader {
    let source: any ModelSource
    /// Changes of the matrices that `linear` and `split` read.
    var adapters: [LoRAAdapter] = []

    func has(_ role: TensorRole) -> Bool { source.tensor(role, .weight) != nil }

    /// What a matrix's scale applies to.
    enum ScaleUse {
        case nothing
        /// The product, without the bias.
        case product
        /// The sum of product and bias.
        case sum
    }

    /// A matrix with its bias and scale, if they exist.
    func linear(
        _ role: TensorRole, rows: Int, cols: Int, scale use: ScaleUse = .product
    ) throws(ModelError) -> Linear {
        let scale = use == .nothing ? 1 : try multipliers(role, .scale, count: 1)?[0] ?? 1
        let tensor = try find(role, .weight)
        return Linear(
            matrix: try tensor.matrix(rows: rows, cols: cols),
            bias: try bias(role, count: rows, divisor: use == .product ? scale : 1), scale: scale,
            updates: try updates(of: tensor.name, rows: rows, cols: cols))
    }

    private func updates(of tensor: String, rows: Int, cols: Int) throws(ModelError) -> [LowRankUpdate] {
        var updates: [LowRankUpdate] = []
        for adapter in adapters {
            if let update = try adapter.update(of: tensor, rows: rows, cols: cols) { updates.append(update) }
        }
        return updates
    }

    private func bias(_ role: TensorRole, count: Int, divisor: Float) throws(ModelError) -> FloatBuffer? {
        guard let bias = try optionalVector(role, .bias, count: count) else { return nil }
        for index in 0..<count { bias.base[index] /= divisor }
        return bias
    }

    /// Several matrices with the same input: from a fused tensor with all of their rows, or from one tensor each.
    func split(
        fused: TensorRole?, parts: [TensorRole], rows: [Int], cols: Int, scale: ScaleUse = .product
    ) throws(ModelError) -> [Linear] {
        guard let fused, parts.isEmpty || has(fused) else {
            var result: [Linear] = []
            for (role, count) in zip(parts, rows) {
                result.append(try linear(role, rows: count, cols: cols, scale: scale))
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
    func matrix(_ role: TensorRole, rows: Int? = nil, cols: Int) throws(ModelError) -> sotto_matrix {
        try find(role, .weight).matrix(rows: rows, cols: cols)
    }

    /// A vector of any format, converted to floats.
    func vector(_ role: TensorRole, _ part: TensorPart = .weight, count: Int) throws(ModelError) -> FloatBuffer {
        try find(role, part).vector(count: count)
    }

    func optionalVector(
        _ role: TensorRole, _ part: TensorPart = .weight, count: Int
    ) throws(ModelError) -> FloatBuffer? {
        guard let tensor = source.tensor(role, part) else { return nil }
        return try tensor.vector(count: count)
    }

    /// Factors or divisors, or nil if the source has none.
    func multipliers(_ role: TensorRole, _ part: TensorPart = .weight, count: Int) throws(ModelError) -> [Float]? {
        guard let buffer = try optionalVector(role, part, count: count) else { return nil }
        let values = Array(UnsafeBufferPointer(start: buffer.base, count: count))
        guard values.allSatisfy({ $0 != 0 && $0.isFinite }) else {
            throw .invalidMetadata(
                key: source.spelling(role, part), found: "zero or not finite", expected: "finite and not zero")
        }
        return values
    }

    private func find(_ role: TensorRole, _ part: TensorPart) throws(ModelError) -> TensorView {
        guard let tensor = source.tensor(role, part) else { throw .missingTensor(source.spelling(role, part)) }
        return tensor
    }
}

extension TensorView {
    /// The tensor as a matrix.
    ///
    /// - Parameter rows: nil accepts any number.
    func matrix(rows: Int? = nil, cols: Int) throws(ModelError) -> sotto_matrix {
        let found = dimensions.count > 1 ? dimensions[1] : 1
        guard dimensions.first == cols, found == rows ?? found, dimensions.dropFirst(2).allSatisfy({ $0 == 1 }) else {
            throw .wrongShape(tensor: name, found: dimensions, expected: [cols, rows ?? found])
        }
        guard let data = bytes.baseAddress else { throw .missingTensor(name) }
        return sotto_matrix(format: try format(), data: data, rows: Int64(found), cols: Int64(cols))
    }

    /// The tensor as a vector of floats.
    func vector(count: Int) throws(ModelError) -> FloatBuffer {
        guard dimensions.first == count, dimensions.dropFirst().allSatisfy({ $0 == 1 }) else {
            throw .wrongShape(tensor: name, found: dimensions, expected: [count])
        }
        let format = try format()
        guard let data = bytes.baseAddress else { throw .missingTensor(name) }
        let result = FloatBuffer(count: count)
        format.pointee.dequantize(data, result.base, count)
        return result
    }

    private func format() throws(ModelError) -> UnsafePointer<sotto_format> {
        guard let format = sotto_format_find(type.id) else {
            throw .unsupportedFormat(tensor: name, format: type.name)
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
